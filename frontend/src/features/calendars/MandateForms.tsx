// Making and changing a mandate. Days, decree and end may change; another organization is a new one.
import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, call } from '~/api/http';
import { useCodes, useOrganizations } from '~/api/reference';
import { useLanguage } from '~/i18n';
import { FormDialog, useAct } from '~/ui/act';
import { ConflictDialog } from '~/ui/Conflict';
import { DateInput, PickSelect } from '~/ui/fields';
import { formatDate, officeToday } from '~/ui/format';
import { Facts } from '~/ui/page';
import { fieldErrors } from '~/ui/problem-text';
import { Loading, ProblemState } from '~/ui/states';
import { useMergeEdit } from '~/ui/useMergeEdit';
import { useResource } from '~/ui/useResource';
import type { CalendarSummary, Mandate } from './types';

/** What both forms ask for, as it is typed. */
interface Terms {
  sla_days: string;
  emergency_days: string;
  decree: string;
  valid_to: string;
}

const within = (text: string, least: number) =>
  /^\d{1,3}$/.test(text) && Number(text) >= least && Number(text) <= 365;
const termsOk = (terms: Terms) =>
  within(terms.sla_days, 1) && (terms.emergency_days === '' || within(terms.emergency_days, 0));

function TermFields(props: {
  terms: Terms;
  set: (terms: Terms) => void;
  touched: boolean;
  error: unknown;
}) {
  const { t } = useTranslation();
  const { terms, set, touched } = props;
  const errors = fieldErrors(props.error);
  const optional = ` (${t('ui.optional')})`;
  return (
    <>
      <TextInput
        label={t('office.days')}
        required
        inputMode="numeric"
        maxLength={3}
        value={terms.sla_days}
        error={
          errors.sla_days ??
          (touched && !within(terms.sla_days, 1) && t('office.days_range', { min: 1 }))
        }
        onChange={(event) => set({ ...terms, sla_days: event.currentTarget.value.trim() })}
      />
      <TextInput
        label={t('office.emergency_days') + optional}
        inputMode="numeric"
        maxLength={3}
        value={terms.emergency_days}
        error={
          errors.emergency_days ??
          (touched &&
            terms.emergency_days !== '' &&
            !within(terms.emergency_days, 0) &&
            t('office.days_range', { min: 0 }))
        }
        onChange={(event) => set({ ...terms, emergency_days: event.currentTarget.value.trim() })}
      />
      <TextInput
        label={t('office.decree') + optional}
        maxLength={300}
        value={terms.decree}
        error={errors.decree}
        onChange={(event) => set({ ...terms, decree: event.currentTarget.value })}
      />
      <DateInput
        label={t('office.to') + optional}
        value={terms.valid_to}
        error={errors.valid_to}
        onChange={(valid_to) => set({ ...terms, valid_to })}
      />
    </>
  );
}

export function NewMandate({
  calendars,
  close,
}: {
  calendars: CalendarSummary[];
  close: () => void;
}) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const act = useAct();
  const needs = useCodes('needs');
  const services = useCodes('services');
  const organizations = useOrganizations();
  const [touched, setTouched] = useState(false);
  const [need, setNeed] = useState('');
  const [service, setService] = useState('');
  const [organization, setOrganization] = useState('');
  const [calendar, setCalendar] = useState('');
  const [from, setFrom] = useState(officeToday());
  const [terms, setTerms] = useState<Terms>({
    sla_days: '',
    emergency_days: '',
    decree: '',
    valid_to: '',
  });
  const errors = fieldErrors(act.error);
  const missing = (value: string) => (touched && !value ? t('ui.required') : undefined);
  const verified = new Set(
    organizations.all.filter((item) => item.status === 'verified').map((item) => item.id),
  );

  function submit() {
    setTouched(true);
    if (!need || !organization || !from || !termsOk(terms)) return;
    const body = {
      need_code: need,
      ...(service ? { service_code: service } : {}),
      organization_id: organization,
      ...(calendar ? { calendar_id: calendar } : {}),
      sla_days: Number(terms.sla_days),
      ...(terms.emergency_days ? { emergency_days: Number(terms.emergency_days) } : {}),
      ...(terms.decree.trim() ? { decree: terms.decree.trim() } : {}),
      valid_from: from,
      ...(terms.valid_to ? { valid_to: terms.valid_to } : {}),
    };
    void act
      .run((key) => call('/mandates', { method: 'POST', body, key }), t('office.mandate_done'))
      .then((ok) => ok && close());
  }

  return (
    <FormDialog
      opened
      close={close}
      title={t('office.add_mandate')}
      submitText={t('ui.add')}
      busy={act.busy}
      error={act.error}
      onSubmit={submit}
    >
      <PickSelect
        label={t('office.need')}
        required
        value={need}
        options={needs.options}
        error={errors.need_code ?? missing(need)}
        onChange={setNeed}
      />
      <NativeSelect
        label={t('office.service')}
        value={service}
        data={[{ value: '', label: t('office.whole_need') }, ...services.options]}
        error={errors.service_code}
        onChange={(event) => setService(event.currentTarget.value)}
      />
      <PickSelect
        label={t('office.organization')}
        required
        value={organization}
        options={organizations.options.filter((option) => verified.has(option.value))}
        error={errors.organization_id ?? missing(organization)}
        onChange={setOrganization}
      />
      {calendars.length > 1 && (
        <NativeSelect
          label={t('office.calendar')}
          value={calendar}
          data={[
            { value: '', label: t('office.default') },
            ...calendars
              .filter((item) => !item.is_default)
              .map((item) => ({ value: item.id, label: name(item.name) })),
          ]}
          onChange={(event) => setCalendar(event.currentTarget.value)}
        />
      )}
      <DateInput
        label={t('office.from')}
        required
        value={from}
        error={errors.valid_from ?? missing(from)}
        onChange={setFrom}
      />
      <TermFields terms={terms} set={setTerms} touched={touched} error={act.error} />
    </FormDialog>
  );
}

/** Reads the mandate anew, so that its version is of now. */
export function EditMandate({ id, close }: { id: string; close: () => void }) {
  const { t } = useTranslation();
  const query = useResource<Mandate>(['mandates', id], `/mandates/${id}`);
  const [seen, setSeen] = useState<Answer<Mandate> | null>(null);
  if (!seen && query.data && !query.isFetching) setSeen(query.data);
  if (seen) return <EditTerms seen={seen} close={close} />;
  return (
    <FormDialog
      opened
      close={close}
      title={t('office.edit_mandate')}
      submitText={t('ui.save')}
      busy={false}
      disabled
      onSubmit={() => {}}
    >
      {query.isError ? (
        <ProblemState error={query.error} retry={() => void query.refetch()} />
      ) : (
        <Loading lines={4} />
      )}
    </FormDialog>
  );
}

const flatten = (mandate: Mandate): Terms => ({
  sla_days: String(mandate.sla_days),
  emergency_days: String(mandate.emergency_days ?? ''),
  decree: mandate.decree ?? '',
  valid_to: mandate.valid_to ?? '',
});

function EditTerms({ seen, close }: { seen: Answer<Mandate>; close: () => void }) {
  const { t } = useTranslation();
  const needs = useCodes('needs');
  const services = useCodes('services');
  const [terms, setTerms] = useState(flatten(seen.data));
  const edit = useMergeEdit<Mandate>({
    path: `/mandates/${seen.data.id}`,
    seen,
    flatten: (mandate) => ({ ...flatten(mandate) }),
    // What was emptied is removed; numbers are numbers on the wire.
    toPatch: (fields) =>
      Object.fromEntries(
        Object.entries(fields).map(([key, value]) => {
          const text = String(value ?? '').trim();
          return [key, text === '' ? null : key.endsWith('_days') ? Number(text) : text];
        }),
      ),
    done: t('ui.saved'),
    onDone: close,
  });
  if (edit.clash) {
    const show = (value: unknown) => String(value ?? '');
    return (
      <ConflictDialog
        fields={[
          { key: 'sla_days', label: t('office.days'), show },
          { key: 'emergency_days', label: t('office.emergency_days'), show },
          { key: 'decree', label: t('office.decree'), show },
          { key: 'valid_to', label: t('office.to'), show },
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
  const mandate = seen.data;
  return (
    <FormDialog
      opened
      close={close}
      title={t('office.edit_mandate')}
      submitText={t('ui.save')}
      busy={edit.busy}
      error={edit.error}
      onSubmit={() => termsOk(terms) && void edit.save({ ...terms })}
    >
      <p>{t('office.edit_mandate_lead')}</p>
      <Facts
        items={[
          [t('office.need'), needs.name(mandate.need_code)],
          [
            t('office.service'),
            mandate.service_code ? services.name(mandate.service_code) : t('office.whole_need'),
          ],
          [t('office.organization'), mandate.organization_name],
          [t('office.from'), formatDate(mandate.valid_from)],
        ]}
      />
      <TermFields terms={terms} set={setTerms} touched error={edit.error} />
    </FormDialog>
  );
}
