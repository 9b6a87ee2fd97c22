import { useTranslation } from 'react-i18next';
import type { Problem } from '~/api/types';
import { StatusBadge } from '~/ui/Badge';

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
