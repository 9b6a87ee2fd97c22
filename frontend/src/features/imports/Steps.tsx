import { useTranslation } from 'react-i18next';
import './imports.css';

const names = ['upload', 'check', 'review', 'apply'] as const;

/** Where an import stands; `at` is the step being worked on, 4 when all are done. */
export function Steps({ at }: { at: number }) {
  const { t } = useTranslation();
  return (
    <ol className="steps" aria-label={t('imports.steps')}>
      {names.map((name, index) => (
        <li key={name} data-done={index < at} aria-current={index === at ? 'step' : undefined}>
          {t(`imports.step_${name}`)}
        </li>
      ))}
    </ol>
  );
}

export function stepOf(status: string): number {
  if (status === 'uploaded' || status === 'staging') return 1;
  if (status === 'validated') return 2;
  if (status === 'reviewed' || status === 'applying') return 3;
  return status === 'applied' ? 4 : 1;
}
