// Visits of a case: planned, done, what came of them.
import { Checkbox, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '~/api/http';
import { word } from '~/i18n';
import { allowed, CanButton, FormDialog, useAct } from '~/ui/act';
import { StatusBadge } from '~/ui/Badge';
import { DateInput, PickSelect } from '~/ui/fields';
import { formatDate, officeToday } from '~/ui/format';
import { Card } from '~/ui/page';
import { Empty, Loading, ProblemState } from '~/ui/states';
import { usePage } from '~/ui/useResource';
import type { CaseRecord, Visit } from './types';

export const visitKinds = ['home', 'office', 'phone', 'conference'];

export function CaseVisits({ record }: { record: CaseRecord }) {
  const { t } = useTranslation();
  const [planning, setPlanning] = useState(false);
  const query = usePage<Visit>('/visits', { case_id: record.id, limit: 100 });
  const visits = [...(query.data?.data ?? [])].reverse();
  return (
    <Card
      title={t('cases.visits')}
      actions={
        allowed(record.can, 'visit') && (
          <CanButton
            can={record.can}
            action="visit"
            variant="default"
            onClick={() => setPlanning(true)}
          >
            {t('cases.plan_visit')}
          </CanButton>
        )
      }
    >
      {query.isPending ? (
        <Loading lines={3} />
      ) : query.isError && !query.data ? (
        <ProblemState error={query.error} retry={() => void query.refetch()} />
      ) : visits.length === 0 ? (
        <Empty title={t('cases.no_visits')} why={t('cases.no_visits_why')} />
      ) : (
        <ul className="plain-list stack">
          {visits.map((visit) => (
            <VisitLine key={visit.id} visit={visit} />
          ))}
        </ul>
      )}
      {planning && <PlanVisit record={record} close={() => setPlanning(false)} />}
    </Card>
  );
}

function VisitLine({ visit }: { visit: Visit }) {
  const { t } = useTranslation();
  const [completing, setCompleting] = useState(false);
  const act = useAct();
  return (
    <li className="stack">
      <div className="spread">
        <span>
          <strong>{formatDate(visit.planned_date)}</strong>{' '}
          <span className="muted">
            {word('visit_kind', visit.kind)} · {visit.account_name}
          </span>{' '}
          <StatusBadge group="visit_status" value={visit.status} />
        </span>
        <span className="row">
          {allowed(visit.can, 'complete') && (
            <CanButton
              can={visit.can}
              action="complete"
              variant="default"
              onClick={() => setCompleting(true)}
            >
              {t('cases.complete_visit')}
            </CanButton>
          )}
          {allowed(visit.can, 'cancel') && (
            <CanButton
              can={visit.can}
              action="cancel"
              variant="subtle"
              onClick={() =>
                void act.run(
                  (key) =>
                    call(`/visits/${visit.id}/cancel`, {
                      method: 'POST',
                      etag: `"${visit.version}.list"`,
                      key,
                    }),
                  t('cases.saved'),
                )
              }
            >
              {t('cases.cancel_visit')}
            </CanButton>
          )}
        </span>
      </div>
      {visit.purpose && <p className="muted wrap-any">{visit.purpose}</p>}
      {visit.note && <p className="wrap-any">{visit.note}</p>}
      {completing && <CompleteVisit visit={visit} close={() => setCompleting(false)} />}
    </li>
  );
}

function PlanVisit({ record, close }: { record: CaseRecord; close: () => void }) {
  const { t } = useTranslation();
  const act = useAct();
  const [kind, setKind] = useState('home');
  const [day, setDay] = useState('');
  const [who, setWho] = useState('');
  const [purpose, setPurpose] = useState('');
  const people = (record.assignments ?? []).map((person) => ({
    value: person.account_id,
    label: person.name,
  }));
  return (
    <FormDialog
      opened
      close={close}
      title={t('cases.plan_visit')}
      submitText={t('cases.plan_visit')}
      busy={act.busy}
      error={act.error}
      disabled={!day || !kind}
      onSubmit={() =>
        void act.run(async (key) => {
          const body = {
            kind,
            planned_date: day,
            ...(who ? { account_id: who } : {}),
            ...(purpose.trim() ? { purpose: purpose.trim() } : {}),
          };
          await call(`/cases/${record.id}/visits`, { method: 'POST', body, key });
          close();
        }, t('cases.visit_planned'))
      }
    >
      <DateInput
        label={t('cases.visit_day')}
        required
        min={officeToday()}
        value={day}
        onChange={setDay}
      />
      <PickSelect
        label={t('cases.visit_kind')}
        required
        options={visitKinds.map((value) => ({ value, label: word('visit_kind', value) }))}
        value={kind}
        onChange={setKind}
      />
      <PickSelect
        label={`${t('cases.visit_who')} (${t('ui.optional')})`}
        options={people}
        value={who}
        onChange={setWho}
      />
      <Textarea
        label={`${t('cases.visit_purpose')} (${t('ui.optional')})`}
        value={purpose}
        maxLength={1000}
        onChange={(event) => setPurpose(event.currentTarget.value)}
      />
    </FormDialog>
  );
}

function CompleteVisit({ visit, close }: { visit: Visit; close: () => void }) {
  const { t } = useTranslation();
  const act = useAct();
  const [day, setDay] = useState(officeToday());
  const [met, setMet] = useState(true);
  const [note, setNote] = useState('');
  const [next, setNext] = useState('');
  return (
    <FormDialog
      opened
      close={close}
      title={t('cases.complete_visit')}
      submitText={t('cases.complete_visit')}
      busy={act.busy}
      error={act.error}
      disabled={!day}
      onSubmit={() =>
        void act.run(async (key) => {
          const body = {
            done_date: day,
            met,
            ...(note.trim() ? { note: note.trim() } : {}),
            ...(next ? { next_date: next } : {}),
          };
          await call(`/visits/${visit.id}/complete`, {
            method: 'POST',
            body,
            etag: `"${visit.version}.list"`,
            key,
          });
          close();
        }, t('cases.visit_done'))
      }
    >
      <DateInput
        label={t('cases.visit_done_day')}
        required
        max={officeToday()}
        value={day}
        onChange={setDay}
      />
      <Checkbox
        label={t('cases.visit_met')}
        checked={met}
        onChange={(event) => setMet(event.currentTarget.checked)}
      />
      <Textarea
        label={`${t('cases.visit_note')} (${t('ui.optional')})`}
        value={note}
        maxLength={4000}
        autosize
        minRows={3}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <DateInput
        label={`${t('cases.visit_next')} (${t('ui.optional')})`}
        min={officeToday()}
        value={next}
        onChange={setNext}
      />
    </FormDialog>
  );
}
