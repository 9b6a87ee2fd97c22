import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCodes, useRegions } from '~/api/reference';
import type { Problem } from '~/api/types';
import { word } from '~/i18n';
import { CopyText } from '~/ui/CopyText';
import { formatDate, formatInstant } from '~/ui/format';
import { Card, Facts, Page, RecordState } from '~/ui/page';
import { useResource } from '~/ui/useResource';
import { useRules } from './Candidates';
import { ProblemActions } from './ProblemActions';
import { DueDate, NextStep, ProblemBadges } from './problem-bits';

interface Props {
  id: string;
  refer: (problem: Problem) => ReactNode;
  evidence: (problem: Problem) => ReactNode;
}

export function ProblemPage({ id, refer, evidence }: Props) {
  const { t } = useTranslation();
  const needs = useCodes('needs');
  const ppks = useCodes('ppks_types');
  const regions = useRegions();
  const query = useResource<Problem>(['problems', id], `/problems/${id}`);
  const problem = query.data?.data;
  const rule = useRules(Boolean(problem?.detected_by_rule));
  if (!problem) {
    return <RecordState query={query} back={t('places.problems')} />;
  }
  return (
    <Page
      back={t('places.problems')}
      title={needs.name(problem.need_code)}
      lead={problem.subject_name || t('problems.subject_household')}
      actions={
        <>
          {refer(problem)}
          <ProblemActions problem={problem} />
        </>
      }
    >
      <Card>
        <div className="spread">
          <ProblemBadges problem={problem} />
          <Button
            component={Link}
            to={`/households/${problem.household_id}`}
            search={{ tab: 'problems' } as never}
            variant="subtle"
          >
            {t('problems.open_household')}
          </Button>
        </div>
        <NextStep problem={problem} />
        {problem.description && <p className="wrap-any">{problem.description}</p>}
        <Facts
          items={[
            [t('problems.ppks'), ppks.name(problem.ppks_code)],
            [t('problems.source'), word('problem_source', problem.source)],
            problem.detected_by_rule
              ? [t('problems.found_by'), rule(problem.detected_by_rule)]
              : null,
            [t('problems.region'), regions.full(problem.region_code)],
            [
              t('problems.responsible'),
              problem.responsible_organization_name ?? t('problems.nobody_charged'),
            ],
            [t('problems.due'), <DueDate key="due" problem={problem} />],
            [t('problems.reported'), formatInstant(problem.reported_at)],
            [t('problems.onset'), formatDate(problem.onset_date)],
            [t('problems.verified'), formatInstant(problem.verified_at)],
            [
              t('ui.record_id'),
              <CopyText key="id" text={problem.id} short={problem.id.slice(-12)} />,
            ],
          ]}
        />
      </Card>
      {evidence(problem)}
    </Page>
  );
}
