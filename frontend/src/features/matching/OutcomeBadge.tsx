import { IconCircleCheck, IconCircleX, IconHelpCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { DecidingClause, Outcome } from './types';

const icons = { eligible: IconCircleCheck, ineligible: IconCircleX, needs_data: IconHelpCircle };
const tones = { eligible: 'good', ineligible: 'bad', needs_data: 'warn' } as const;

/** The verdict: sign, word and colour say the same. */
export function OutcomeBadge({ outcome }: { outcome: Outcome }) {
  const { t } = useTranslation();
  const Icon = icons[outcome];
  return (
    <span className={`badge badge-plain badge-${tones[outcome]}`}>
      <Icon size={17} aria-hidden="true" />
      {t(`match.outcome.${outcome}`)}
    </span>
  );
}

const ofTruth = { true: 'eligible', false: 'ineligible', unknown: 'needs_data' } as const;

export function TruthSign({ truth }: { truth: DecidingClause['truth'] }) {
  const { t } = useTranslation();
  const outcome = ofTruth[truth];
  const Icon = icons[outcome];
  return (
    <span className={`truth truth-${tones[outcome]}`}>
      <Icon size={20} aria-hidden="true" />
      <span className="sp-visually-hidden">{t(`match.truth.${truth}`)}: </span>
    </span>
  );
}
