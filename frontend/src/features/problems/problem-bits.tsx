import { useTranslation } from 'react-i18next';
import type { Problem } from '~/api/types';
import { StatusBadge } from '~/ui/Badge';
import { formatDate, officeToday } from '~/ui/format';

const steps = ['candidate', 'reported', 'verified', 'in_service', 'partly_resolved'] as const;

export function NextStep({ problem }: { problem: Problem }) {
  const { t } = useTranslation();
  const step = steps.find((name) => name === problem.status);
  if (!step) return null;
  return (
    <p className="muted">
      <span className="strong">{t('problems.next_step')}:</span> {t(`problems.steps.${step}`)}
    </p>
  );
}

export function ProblemBadges({ problem }: { problem: Problem }) {
  return (
    <span className="row">
      <StatusBadge group="severity" value={problem.severity} />
      <StatusBadge group="problem_status" value={problem.status} />
    </span>
  );
}

const closed = ['resolved', 'unfounded', 'referred_out', 'expired', 'dismissed'];

/** The last day in time; says so where it has passed and the problem is still open. */
export function DueDate({ problem }: { problem: Problem }) {
  const { t } = useTranslation();
  if (!problem.due_on) return '–';
  const late = problem.due_on < officeToday() && !closed.includes(problem.status);
  return (
    <span className="row">
      {formatDate(problem.due_on)}
      {late && <span className="badge badge-bad">{t('problems.overdue')}</span>}
    </span>
  );
}
