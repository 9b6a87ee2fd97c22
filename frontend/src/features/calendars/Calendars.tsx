// Working calendars and mandates: what a deadline is counted by, and whose it is.
import { Button, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { getAll } from '~/api/reference';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { useLanguage } from '~/i18n';
import { FormDialog, useAct } from '~/ui/act';
import { DataTable } from '~/ui/list/DataTable';
import { rememberList } from '~/ui/list/trail';
import { Card, Page } from '~/ui/page';
import { fieldErrors } from '~/ui/problem-text';
import { Empty, Loading, ProblemState } from '~/ui/states';
import { Mandates } from './Mandates';
import type { CalendarSummary } from './types';
import { WeekdayChoice, weekdayText } from './WeekdayChoice';

export default function Calendars() {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const edits = hasRole(useAccount(), 'admin', 'coordinator');
  const [adding, setAdding] = useState(false);
  const query = useQuery({
    queryKey: ['calendars'],
    queryFn: () => getAll<CalendarSummary>('/calendars'),
  });
  const rows = query.data;
  useEffect(() => {
    if (rows)
      rememberList(
        '/calendars',
        rows.map((row) => `/calendars/${row.id}`),
      );
  }, [rows]);
  return (
    <Page title={t('places.calendars')} lead={t('office.lead')}>
      <Card
        flush
        title={t('office.calendars')}
        actions={
          edits && (
            <Button
              variant="default"
              leftSection={<IconPlus size={18} aria-hidden="true" />}
              onClick={() => setAdding(true)}
            >
              {t('office.add_calendar')}
            </Button>
          )
        }
      >
        {query.isPending ? (
          <Loading lines={3} />
        ) : query.isError ? (
          <ProblemState error={query.error} retry={() => void query.refetch()} />
        ) : query.data.length === 0 ? (
          <Empty title={t('office.no_calendars')} />
        ) : (
          <DataTable
            caption={t('office.calendars')}
            rows={query.data}
            rowKey={(row) => row.id}
            href={(row) => `/calendars/${row.id}`}
            columns={[
              {
                id: 'name',
                header: t('office.calendar'),
                lead: true,
                cell: (row) => name(row.name),
              },
              {
                id: 'working',
                header: t('office.working'),
                cell: (row) => weekdayText(row.working_weekdays),
              },
              {
                id: 'default',
                header: t('office.default'),
                cell: (row) => t(row.is_default ? 'ui.yes' : 'ui.no'),
              },
            ]}
          />
        )}
      </Card>
      <Mandates calendars={query.data ?? []} edits={edits} />
      {adding && <AddCalendar close={() => setAdding(false)} />}
    </Page>
  );
}

function AddCalendar({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const act = useAct();
  const [touched, setTouched] = useState(false);
  const [id, setId] = useState('');
  const [en, setEn] = useState('');
  const [code, setCode] = useState('');
  const [days, setDays] = useState<string[]>(['1', '2', '3', '4', '5']);
  const errors = fieldErrors(act.error);
  const codeOk = /^[a-z][a-z0-9_]{0,39}$/.test(code);

  function submit() {
    setTouched(true);
    if (!id.trim() || !en.trim() || !codeOk || days.length === 0) return;
    const body = {
      code,
      name: { id: id.trim(), en: en.trim() },
      working_weekdays: days.map(Number),
    };
    void act
      .run((key) => call('/calendars', { method: 'POST', body, key }), t('office.calendar_done'))
      .then((ok) => ok && close());
  }

  return (
    <FormDialog
      opened
      close={close}
      title={t('office.add_calendar')}
      submitText={t('ui.add')}
      busy={act.busy}
      error={act.error}
      onSubmit={submit}
    >
      <p>{t('office.add_calendar_lead')}</p>
      <TextInput
        label={t('codes.indonesian')}
        required
        maxLength={200}
        value={id}
        error={touched && !id.trim() && t('ui.required')}
        onChange={(event) => setId(event.currentTarget.value)}
      />
      <TextInput
        label={t('codes.english')}
        required
        maxLength={200}
        value={en}
        error={touched && !en.trim() && t('ui.required')}
        onChange={(event) => setEn(event.currentTarget.value)}
      />
      <TextInput
        label={t('codes.code')}
        description={t('office.code_hint')}
        required
        maxLength={40}
        autoCapitalize="none"
        value={code}
        error={errors.code ?? (touched && !codeOk && t('office.code_hint'))}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
      <WeekdayChoice
        value={days}
        onChange={setDays}
        error={touched && days.length === 0 ? t('office.one_day') : undefined}
      />
    </FormDialog>
  );
}
