// Who works on a case: take, assign, hand over.
import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { allowed, CanButton, FormDialog, useAct } from '~/ui/act';
import { DateInput, PickSelect } from '~/ui/fields';
import { formatDate } from '~/ui/format';
import { Card } from '~/ui/page';
import { useResource } from '~/ui/useResource';
import { onCase } from './CaseActions';
import type { CaseRecord, CaseWorker, Worker } from './types';

export function CasePeople({ record }: { record: CaseRecord }) {
  const { t } = useTranslation();
  const account = useAccount();
  const [dialog, setDialog] = useState<'assign' | 'hand-over' | null>(null);
  const act = useAct();
  const people = record.assignments ?? [];
  const led = people.some((person) => person.duty === 'lead');
  const take = () =>
    void act.run(
      (key) => onCase(record.id, 'assign', { account_id: account.id, duty: 'lead' }, key),
      t('cases.taken'),
    );
  return (
    <Card
      title={t('cases.people')}
      actions={
        <>
          {!led && allowed(record.can, 'assign') && hasRole(account, 'social_worker') && (
            <Button loading={act.busy} onClick={take}>
              {t('cases.take')}
            </Button>
          )}
          {allowed(record.can, 'assign') && (
            <CanButton
              can={record.can}
              action="assign"
              variant="default"
              onClick={() => setDialog('assign')}
            >
              {t('cases.assign')}
            </CanButton>
          )}
          {allowed(record.can, 'hand-over') && (
            <CanButton
              can={record.can}
              action="hand-over"
              variant="default"
              onClick={() => setDialog('hand-over')}
            >
              {t('cases.hand_over')}
            </CanButton>
          )}
        </>
      }
    >
      {people.length === 0 ? (
        <p className="muted">{t('cases.unled_why')}</p>
      ) : (
        <ul className="plain-list">
          {people.map((person) => (
            <Person key={person.account_id} record={record} person={person} />
          ))}
        </ul>
      )}
      {dialog === 'assign' && <Assign record={record} led={led} close={() => setDialog(null)} />}
      {dialog === 'hand-over' && <HandOver record={record} close={() => setDialog(null)} />}
    </Card>
  );
}

function Person({ record, person }: { record: CaseRecord; person: CaseWorker }) {
  const { t } = useTranslation();
  const act = useAct();
  const leaves = person.duty !== 'lead' && allowed(record.can, 'assign');
  return (
    <li className="spread">
      <span>
        <strong>{person.name}</strong>{' '}
        <span className="muted">
          {t(`cases.duty.${person.duty}`)}
          {person.until_date && ` · ${t('cases.until', { date: formatDate(person.until_date) })}`}
        </span>{' '}
        {person.str_expired && <span className="badge badge-bad">{t('cases.str_expired')}</span>}
      </span>
      {leaves && (
        <Button
          variant="subtle"
          loading={act.busy}
          aria-label={`${t('cases.unassign')}: ${person.name}`}
          onClick={() =>
            void act.run(
              (key) => onCase(record.id, 'unassign', { account_id: person.account_id }, key),
              t('cases.saved'),
            )
          }
        >
          {t('cases.unassign')}
        </Button>
      )}
    </li>
  );
}

function useWorkers() {
  const { t } = useTranslation();
  const query = useResource<{ data: Worker[] }>(['workload'], '/workload');
  const workers = query.data?.data.data ?? [];
  return workers.map((worker) => ({
    value: worker.account_id,
    label: t('cases.worker_load', { name: worker.name, n: worker.caseload }),
  }));
}

function Assign({ record, led, close }: { record: CaseRecord; led: boolean; close: () => void }) {
  const { t } = useTranslation();
  const workers = useWorkers();
  const act = useAct();
  const [who, setWho] = useState('');
  const [duty, setDuty] = useState(led ? 'co_worker' : 'lead');
  const [until, setUntil] = useState('');
  const [note, setNote] = useState('');
  const duties = (led ? ['co_worker', 'supervisor'] : ['lead', 'co_worker', 'supervisor']) as
    | ['lead', 'co_worker', 'supervisor']
    | ['co_worker', 'supervisor'];
  return (
    <FormDialog
      opened
      close={close}
      title={t('cases.assign')}
      submitText={t('cases.assign')}
      busy={act.busy}
      error={act.error}
      disabled={!who || !duty}
      onSubmit={() =>
        void act.run(async (key) => {
          const body = {
            account_id: who,
            duty,
            ...(until && duty !== 'lead' ? { until_date: until } : {}),
            ...(note.trim() ? { note: note.trim() } : {}),
          };
          await onCase(record.id, 'assign', body, key);
          close();
        }, t('cases.saved'))
      }
    >
      <PickSelect
        label={t('cases.worker')}
        required
        options={workers}
        value={who}
        onChange={setWho}
      />
      <PickSelect
        label={t('cases.duty_label')}
        required
        options={duties.map((value) => ({ value, label: t(`cases.duty.${value}`) }))}
        value={duty}
        onChange={setDuty}
      />
      {duty !== 'lead' && (
        <DateInput
          label={`${t('cases.until_label')} (${t('ui.optional')})`}
          description={t('cases.until_hint')}
          value={until}
          onChange={setUntil}
        />
      )}
      <Textarea
        label={`${t('ui.note')} (${t('ui.optional')})`}
        value={note}
        maxLength={2000}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </FormDialog>
  );
}

function HandOver({ record, close }: { record: CaseRecord; close: () => void }) {
  const { t } = useTranslation();
  const lead = record.assignments?.find((person) => person.duty === 'lead')?.account_id;
  const workers = useWorkers().filter((worker) => worker.value !== lead);
  const act = useAct();
  const [who, setWho] = useState('');
  const [note, setNote] = useState('');
  return (
    <FormDialog
      opened
      close={close}
      title={t('cases.hand_over')}
      submitText={t('cases.hand_over')}
      busy={act.busy}
      error={act.error}
      disabled={!who || !note.trim()}
      onSubmit={() =>
        void act.run(async (key) => {
          await onCase(record.id, 'hand-over', { account_id: who, note: note.trim() }, key);
          close();
        }, t('cases.handed_over'))
      }
    >
      <p>{t('cases.hand_over_lead')}</p>
      <PickSelect
        label={t('cases.new_lead')}
        required
        options={workers}
        value={who}
        onChange={setWho}
      />
      <Textarea
        label={t('cases.hand_over_note')}
        required
        value={note}
        maxLength={4000}
        autosize
        minRows={3}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
