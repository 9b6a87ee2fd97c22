// Forms of a calendar. What they change moves open deadlines, so each tells the counts.
import { Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, call } from '~/api/http';
import { useLanguage, word } from '~/i18n';
import { FormDialog, useAct } from '~/ui/act';
import { ConflictDialog } from '~/ui/Conflict';
import { DateInput, PickSelect } from '~/ui/fields';
import { formatDate } from '~/ui/format';
import { fieldErrors } from '~/ui/problem-text';
import { useMergeEdit } from '~/ui/useMergeEdit';
import {
  type Calendar,
  type CalendarChange,
  type Holiday,
  holidayKinds,
  type Moved,
} from './types';
import { WeekdayChoice, weekdayText } from './WeekdayChoice';

interface Props {
  close: () => void;
  told: (moved: Moved) => void;
}

const flatten = (calendar: Calendar) => ({
  name_id: calendar.name.id,
  name_en: calendar.name.en ?? '',
  days: [...calendar.working_weekdays].sort((a, b) => a - b).map(String),
});

export function EditCalendar({ seen, close, told }: Props & { seen: Answer<Calendar> }) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(flatten(seen.data));
  const edit = useMergeEdit<Calendar>({
    path: `/calendars/${seen.data.id}`,
    seen,
    flatten,
    toPatch: (fields, now) => ({
      ...('name_id' in fields || 'name_en' in fields
        ? { name: { id: fields.name_id ?? now.name_id, en: fields.name_en ?? now.name_en } }
        : {}),
      ...('days' in fields ? { working_weekdays: (fields.days as string[]).map(Number) } : {}),
    }),
    done: t('ui.saved'),
    onDone: close,
    onSaved: (answer) => told((answer as CalendarChange).moved),
  });
  if (edit.clash) {
    const show = (value: unknown) => String(value ?? '');
    return (
      <ConflictDialog
        fields={[
          { key: 'name_id', label: t('codes.indonesian'), show },
          { key: 'name_en', label: t('codes.english'), show },
          {
            key: 'days',
            label: t('office.working'),
            show: (value) => weekdayText((value as string[]).map(Number)),
          },
        ]}
        base={edit.base}
        mine={edit.clash.mine}
        theirs={edit.clash.theirs}
        busy={edit.busy}
        error={edit.error}
        onKeep={(patch) => void edit.keep(patch)}
        onDiscard={() => void edit.discard()}
      />
    );
  }
  const whole = draft.name_id.trim() && draft.name_en.trim() && draft.days.length > 0;
  return (
    <FormDialog
      opened
      close={close}
      title={t('office.edit_calendar')}
      submitText={t('ui.save')}
      busy={edit.busy}
      error={edit.error}
      onSubmit={() => whole && void edit.save(draft)}
    >
      <p>{t('office.edit_calendar_lead')}</p>
      <TextInput
        label={t('codes.indonesian')}
        required
        maxLength={200}
        value={draft.name_id}
        error={!draft.name_id.trim() && t('ui.required')}
        onChange={(event) => setDraft({ ...draft, name_id: event.currentTarget.value })}
      />
      <TextInput
        label={t('codes.english')}
        required
        maxLength={200}
        value={draft.name_en}
        error={!draft.name_en.trim() && t('ui.required')}
        onChange={(event) => setDraft({ ...draft, name_en: event.currentTarget.value })}
      />
      <WeekdayChoice
        value={draft.days}
        onChange={(days) => setDraft({ ...draft, days })}
        error={draft.days.length === 0 ? t('office.one_day') : undefined}
      />
    </FormDialog>
  );
}

interface AddProps {
  id: string;
  close: () => void;
  told: (moved: Moved, date: string) => void;
}

export function AddHoliday({ id, close, told }: AddProps) {
  const { t } = useTranslation();
  const act = useAct();
  const [touched, setTouched] = useState(false);
  const [date, setDate] = useState('');
  const [nameId, setNameId] = useState('');
  const [nameEn, setNameEn] = useState('');
  const [kind, setKind] = useState('');
  const [decreed, setDecreed] = useState(false);
  const [source, setSource] = useState('');
  const errors = fieldErrors(act.error);
  const missing = (value: string) => (touched && !value.trim() ? t('ui.required') : undefined);

  function submit() {
    setTouched(true);
    if (!date || !nameId.trim() || !nameEn.trim() || !kind) return;
    const body = {
      date,
      name: { id: nameId.trim(), en: nameEn.trim() },
      kind,
      decreed,
      ...(source.trim() ? { source: source.trim() } : {}),
    };
    void act
      .run(async (key) => {
        const path = `/calendars/${id}/holidays`;
        const { data } = await call<CalendarChange>(path, { method: 'POST', body, key });
        told(data.moved, date);
      }, t('office.holiday_done'))
      .then((ok) => ok && close());
  }

  return (
    <FormDialog
      opened
      close={close}
      title={t('office.add_holiday')}
      submitText={t('ui.add')}
      busy={act.busy}
      error={act.error}
      onSubmit={submit}
    >
      <p>{t('office.add_holiday_lead')}</p>
      <DateInput
        label={t('office.date')}
        required
        value={date}
        error={errors.date ?? missing(date)}
        onChange={setDate}
      />
      <TextInput
        label={t('codes.indonesian')}
        required
        maxLength={200}
        value={nameId}
        error={missing(nameId)}
        onChange={(event) => setNameId(event.currentTarget.value)}
      />
      <TextInput
        label={t('codes.english')}
        required
        maxLength={200}
        value={nameEn}
        error={missing(nameEn)}
        onChange={(event) => setNameEn(event.currentTarget.value)}
      />
      <PickSelect
        label={t('office.kind')}
        required
        value={kind}
        options={holidayKinds.map((value) => ({ value, label: word('holiday_kind', value) }))}
        error={missing(kind)}
        onChange={setKind}
      />
      <Checkbox
        label={t('office.decreed')}
        description={t('office.decreed_hint')}
        checked={decreed}
        onChange={(event) => setDecreed(event.currentTarget.checked)}
      />
      <TextInput
        label={`${t('office.source')} (${t('ui.optional')})`}
        maxLength={300}
        value={source}
        error={errors.source}
        onChange={(event) => setSource(event.currentTarget.value)}
      />
    </FormDialog>
  );
}

export function DeleteHoliday({
  id,
  holiday,
  close,
  told,
}: Props & { id: string; holiday: Holiday }) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const act = useAct();
  return (
    <FormDialog
      opened
      close={close}
      title={`${t('office.delete_holiday')}: ${name(holiday.name)}`}
      submitText={t('office.delete')}
      danger
      busy={act.busy}
      error={act.error}
      onSubmit={() =>
        void act
          .run(async () => {
            const path = `/calendars/${id}/holidays/${holiday.date}`;
            const { data } = await call<CalendarChange>(path, { method: 'DELETE' });
            told(data.moved);
          }, t('office.delete_done'))
          .then((ok) => ok && close())
      }
    >
      <p>{t('office.delete_holiday_lead', { date: formatDate(holiday.date) })}</p>
    </FormDialog>
  );
}
