// A household's problems on its page. Referring belongs to another slice, so it is passed in.
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCodes } from '~/api/reference';
import type { HouseholdDetail, Problem } from '~/api/types';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { word } from '~/i18n';
import { formatDate, formatInstant } from '~/ui/format';
import { Facts } from '~/ui/page';
import { Empty, Loading, ProblemState } from '~/ui/states';
import { usePage } from '~/ui/useResource';
import { ProblemActions } from './ProblemActions';
import { DueDate, NextStep, ProblemBadges } from './problem-bits';
import { ReportProblem } from './ReportProblem';

interface Props {
  household: HouseholdDetail;
  refer: (problem: Problem) => ReactNode;
}

export function HouseholdProblems({ household, refer }: Props) {
  const { t } = useTranslation();
  const account = useAccount();
  const [reporting, setReporting] = useState(false);
  const needs = useCodes('needs');
  const ppks = useCodes('ppks_types');
  const query = usePage<Problem>(`/households/${household.id}/problems`, { limit: 100 });
  const mayReport = household.can.includes('report-problem') || hasRole(account, 'citizen');
  const names = new Map(household.members.map((person) => [person.id, person.name ?? '']));
  return (
    <div className="stack">
      {mayReport && (
        <div className="row">
          <Button
            variant="default"
            leftSection={<IconPlus size={18} aria-hidden="true" />}
            onClick={() => setReporting(true)}
          >
            {t('problems.report')}
          </Button>
        </div>
      )}
      {query.isError && query.data === undefined ? (
        <div className="card">
          <ProblemState error={query.error} retry={() => void query.refetch()} />
        </div>
      ) : query.data === undefined ? (
        <div className="card">
          <Loading />
        </div>
      ) : query.data.data.length === 0 ? (
        <div className="card">
          <Empty title={t('problems.none_here')} why={t('problems.none_here_why')} />
        </div>
      ) : (
        query.data.data.map((problem) => (
          <article
            className="card card-pad stack"
            key={problem.id}
            aria-label={needs.name(problem.need_code)}
          >
            <div className="spread">
              <div>
                <h2 className="card-title">{needs.name(problem.need_code)}</h2>
                <p className="muted small">
                  {problem.subject.kind === 'household'
                    ? t('problems.subject_household')
                    : (names.get(problem.subject.id) ?? problem.subject_name)}
                </p>
              </div>
              <ProblemBadges problem={problem} />
            </div>
            {problem.description && <p className="wrap-any">{problem.description}</p>}
            <Facts
              items={[
                problem.ppks_code ? [t('problems.ppks'), ppks.name(problem.ppks_code)] : null,
                [t('problems.source'), word('problem_source', problem.source)],
                problem.responsible_organization_name
                  ? [t('problems.responsible'), problem.responsible_organization_name]
                  : null,
                problem.due_on
                  ? [t('problems.due'), <DueDate key="due" problem={problem} />]
                  : null,
                [t('problems.reported'), formatInstant(problem.reported_at)],
                problem.onset_date ? [t('problems.onset'), formatDate(problem.onset_date)] : null,
                problem.verified_at
                  ? [t('problems.verified'), formatInstant(problem.verified_at)]
                  : null,
              ]}
            />
            <NextStep problem={problem} />
            <div className="row">
              {refer(problem)}
              <ProblemActions problem={problem} />
            </div>
          </article>
        ))
      )}
      {reporting && <ReportProblem household={household} close={() => setReporting(false)} />}
    </div>
  );
}
