import { useTranslation } from 'react-i18next';
import type { Balance, FundingSource, LedgerLine } from '~/api/types';
import { word } from '~/i18n';
import { formatMoney, formatNumber } from '~/ui/format';

export const spent = [
  'available',
  'allotted',
  'reserved',
  'committed',
  'disbursed',
  'lapsed',
] as const;

/** An amount in the unit of its source: rupiah, or so many of something. */
export function formatAmount(value: number | null | undefined, unit: string | undefined): string {
  if (!unit || unit === 'IDR') return formatMoney(value);
  return value === null || value === undefined ? '–' : `${formatNumber(value)} ${unit}`;
}

/** Where the money of a source stands, as a bar; the numbers stand beside it. */
export function BalanceBar({ balance, small }: { balance: Balance; small?: boolean }) {
  const { t } = useTranslation();
  const total = spent.reduce((sum, name) => sum + Math.max(balance[name] ?? 0, 0), 0);
  if (total === 0) return <span className="muted">–</span>;
  const share = (name: (typeof spent)[number]) =>
    `${word('bucket', name)} ${Math.round((Math.max(balance[name] ?? 0, 0) / total) * 100)}%`;
  const label = spent.filter((name) => (balance[name] ?? 0) > 0).map(share);
  return (
    <div
      className={small ? 'flow flow-small' : 'flow'}
      role="img"
      aria-label={`${t('money.bar')}: ${label.join(', ')}`}
    >
      {spent
        .filter((name) => (balance[name] ?? 0) > 0)
        .map((name) => (
          <span key={name} className={`flow-${name}`} style={{ flexGrow: balance[name] }} />
        ))}
    </div>
  );
}

/** What left for good, by revision or carry-over, counts as less. */
export function signed(line: LedgerLine): number {
  const outside = line.lines.find((part) => part.bucket === 'origin');
  return outside && outside.amount > 0 ? -line.amount : line.amount;
}

export function isGoods(source: FundingSource): boolean {
  return Boolean(source.unit) && source.unit !== 'IDR';
}
