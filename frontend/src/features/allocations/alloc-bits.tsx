import { useTranslation } from 'react-i18next';
import { word } from '~/i18n';
import { formatNumber } from '~/ui/format';
import type { Plan, Tier } from './types';

const fine = new Intl.NumberFormat('id-ID', { maximumFractionDigits: 3 });
/** Less than this is not told apart. */
const FINEST = 0.00001;
const plain = new Intl.NumberFormat('id-ID', { maximumFractionDigits: 1 });

/** A part of 1 as a percentage; what rounds to nothing but is not nothing is said so. */
export function formatShare(share: number, digits: 'plain' | 'fine' = 'plain'): string {
  const percent = share * 100;
  if (digits === 'fine') {
    return percent > 0 && percent < 0.001 ? '< 0,001 %' : `${fine.format(percent)} %`;
  }
  return `${plain.format(percent)} %`;
}

export const formatPoints = (points: number) => plain.format(points);

/** How good a plan or a tier provably is, as a sentence. */
export function Proof({ gap, complete }: { gap: number; complete: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      {gap <= 0
        ? t('alloc.proved_best')
        : t('alloc.proved', { gap: formatShare(Math.max(gap, FINEST), 'fine') })}
      {!complete && ` ${t('alloc.stopped_early')}`}
    </>
  );
}

export function Bar({ share, tone }: { share: number; tone?: 'open' }) {
  return (
    <span className="alloc-bar" aria-hidden="true">
      <i
        className={tone === 'open' ? 'alloc-open' : ''}
        style={{ width: `${Math.min(100, Math.max(0, share * 100))}%` }}
      />
    </span>
  );
}

export const tierWord = (tier: Tier['tier']) => word('alloc_tier', tier);

/** What the plan does with what there is, in one line. */
export function Reach({ plan }: { plan: Pick<Plan, 'counts'> }) {
  const { t } = useTranslation();
  if (!plan.counts) return <>–</>;
  return (
    <span className="nowrap">
      {t('alloc.served_of', {
        lines: formatNumber(plan.counts.lines),
        needs: formatNumber(plan.counts.needs),
      })}
    </span>
  );
}
