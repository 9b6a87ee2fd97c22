import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCodes, useRegions } from '~/api/reference';
import type { Problem } from '~/api/types';
import { word } from '~/i18n';
import { StatusBadge } from '~/ui/Badge';
import { formatDate, formatInstant } from '~/ui/format';
import { Card, Facts, Page, RecordState } from '~/ui/page';
import { Empty, Loading, Notice } from '~/ui/states';
import { usePage, useResource } from '~/ui/useResource';
import { CaseActions } from './CaseActions';
import { CasePeople } from './CasePeople';
import { CasePlan } from './CasePlan';
import { CaseVisits } from './CaseVisits';
import { CaseBadges, StageBar } from './case-bits';
import type { CaseEvent, CaseRecord } from './types';

export function CasePage({ id }: { id: string }) {
  const { t } = useTranslation();
  const regions = useRegions();
  const outcomes = useCodes('case_outcomes');
  const query = useResource<CaseRecord>(['cases', id], `/cases/${id}`);
  const record = query.data?.data;
  if (!record) return <RecordState query={query} back={t('places.cases')} />;
  return (
    <Page
      back={t('places.cases')}
      title={t('cases.of', { name: record.head_name || t('cases.unnamed') })}
      lead={regions.full(record.region_code)}
      actions={<CaseActions record={record} />}
    >
      <Card>
        <div className="spread">
          <CaseBadges record={record} />
          <Button
            component={Link}
            to={`/households/${record.household_id}`}
            search={{ tab: 'cases' } as never}
            variant="subtle"
          >
            {t('problems.open_household')}
          </Button>
        </div>
        <StageBar record={record} />
        {record.assessment_due_at && (
          <Notice tone="warn">
            {t('cases.assess_until', { at: formatInstant(record.assessment_due_at) })}
          </Notice>
        )}
        {record.reason && <p className="wrap-any">{record.reason}</p>}
        <Facts
          items={[
            [t('cases.opened'), formatInstant(record.opened_at)],
            [t('cases.stage_since'), formatInstant(record.stage_since)],
            [t('cases.next_visit'), formatDate(record.next_visit_date)],
            [t('cases.next_action'), formatDate(record.next_action_date)],
            [t('cases.weight'), String(record.weight)],
            record.outcome_code ? [t('cases.outcome'), outcomes.name(record.outcome_code)] : null,
            record.closed_at ? [t('cases.closed'), formatInstant(record.closed_at)] : null,
            record.reopened > 0 ? [t('cases.reopened_times'), String(record.reopened)] : null,
          ]}
        />
      </Card>
      <CaseProblems record={record} />
      {record.plan && <CasePlan record={record} etag={query.data?.etag} />}
      <CaseVisits record={record} />
      <CasePeople record={record} />
      <CaseHistory id={record.id} />
    </Page>
  );
}

function CaseProblems({ record }: { record: CaseRecord }) {
  const { t } = useTranslation();
  const needs = useCodes('needs');
  const query = usePage<Problem>(`/households/${record.household_id}/problems`, { limit: 100 });
  const shown = (query.data?.data ?? []).filter((one) => record.problem_ids?.includes(one.id));
  return (
    <Card title={t('places.problems')}>
      {query.isPending ? (
        <Loading lines={2} />
      ) : (
        <ul className="plain-list">
          {shown.map((problem) => (
            <li className="spread" key={problem.id}>
              <Link to="/problems/$id" params={{ id: problem.id }}>
                {needs.name(problem.need_code)}
              </Link>
              <span className="row">
                <StatusBadge group="severity" value={problem.severity} />
                <StatusBadge group="problem_status" value={problem.status} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function CaseHistory({ id }: { id: string }) {
  const { t } = useTranslation();
  const query = usePage<CaseEvent>(`/cases/${id}/history`, { limit: 100 });
  const events = query.data?.data ?? [];
  return (
    <Card title={t('cases.history')}>
      {query.isPending ? (
        <Loading lines={3} />
      ) : events.length === 0 ? (
        <Empty title={t('household.no_timeline')} />
      ) : (
        <ol className="timeline">
          {events.map((event) => (
            <li key={event.id}>
              <p className="strong">
                {word('case_event', event.event)}
                {event.to_stage && `: ${word('case_stage', event.to_stage)}`}
                {event.account_name && `: ${event.account_name}`}
              </p>
              {event.note && <p className="wrap-any">{event.note}</p>}
              <p className="muted small">
                {formatInstant(event.at)} ·{' '}
                {t('household.by', { name: event.actor_name || t('household.system') })}
              </p>
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}
