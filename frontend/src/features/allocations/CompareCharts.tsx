// Two plans as pictures: whom each serves, in which tier, for how much, why the rest waits, and where it differs.
import { useTranslation } from 'react-i18next';
import { word } from '~/i18n';
import { formatMoney, formatNumber } from '~/ui/format';
import { RegionMap } from '~/ui/map';
import { Card } from '~/ui/page';
import { formatShare, tierWord } from './alloc-bits';
import type { Comparison, Side } from './types';

export function CompareCharts({ of }: { of: Comparison }) {
  const { t } = useTranslation();
  const sides = [of.plan, of.other] as const;
  const total = Math.max(1, of.served_by_both + of.served_by_plan + of.served_by_other);
  const reasons = [...new Set(sides.flatMap((side) => side.left_out.map((row) => row.reason)))];
  const left = (side: Side, reason: string) =>
    side.left_out.find((row) => row.reason === reason)?.needs ?? 0;
  const most = Math.max(1, ...sides.flatMap((side) => side.left_out.map((row) => row.needs)));
  const money = Math.max(1, ...sides.map((side) => side.counts.amount_idr));
  return (
    <>
      <Card title={t('alloc.who_differs')}>
        <ul className="alloc-bars">
          {(
            [
              ['both', of.served_by_both],
              ['plan', of.served_by_plan],
              ['other', of.served_by_other],
            ] as const
          ).map(([key, count]) => (
            <li key={key}>
              <span>
                {t(`alloc.served_by.${key}`, { plan: of.plan.name, other: of.other.name })}
              </span>
              <span className="alloc-bar" aria-hidden="true">
                <i style={{ width: `${(100 * count) / total}%` }} />
              </span>
              <span className="sp-num">{formatNumber(count)}</span>
            </li>
          ))}
        </ul>
        <p className="muted">{t('alloc.same_program', { n: formatNumber(of.same_program) })}</p>
      </Card>
      <div className="alloc-desk">
        <Card title={t('alloc.chart_tiers')}>
          <Pairs
            of={of}
            rows={of.plan.tiers.map(({ tier }) => ({
              key: tier,
              label: tierWord(tier),
              share: (side) => {
                const own = side.tiers.find((one) => one.tier === tier);
                return own?.needs ? own.lines / own.needs : 0;
              },
              told: (side) => {
                const own = side.tiers.find((one) => one.tier === tier);
                return t('alloc.chart_of', {
                  served: formatNumber(own?.lines ?? 0),
                  needs: formatNumber(own?.needs ?? 0),
                });
              },
            }))}
          />
          <h3 className="alloc-sub">{t('alloc.chart_money')}</h3>
          <Pairs
            of={of}
            rows={[
              {
                key: 'money',
                label: '',
                share: (side) => side.counts.amount_idr / money,
                told: (side) => formatMoney(side.counts.amount_idr),
              },
            ]}
          />
        </Card>
        <Card title={t('alloc.chart_left')}>
          <Pairs
            of={of}
            rows={reasons.map((reason) => ({
              key: reason,
              label: word('alloc_reason', reason),
              share: (side) => left(side, reason) / most,
              told: (side) => formatNumber(left(side, reason)),
            }))}
          />
        </Card>
      </div>
    </>
  );
}

interface Pair {
  key: string;
  label: string;
  /** Length of the bar, 0 to 1. */
  share: (side: Side) => number;
  told: (side: Side) => string;
}

/** Two bars to a row, told apart by place, colour and name. */
function Pairs({ of, rows }: { of: Comparison; rows: Pair[] }) {
  return (
    <ul className="alloc-pairs">
      {rows.map((row) => (
        <li key={row.key}>
          {row.label && <span className="strong">{row.label}</span>}
          {(['plan', 'other'] as const).map((which) => (
            <div key={which} className="alloc-pair">
              <span className="muted small">{of[which].name}</span>
              <span className="alloc-bar" aria-hidden="true">
                <i
                  className={which === 'other' ? 'alloc-other' : ''}
                  style={{ width: `${Math.min(100, 100 * row.share(of[which]))}%` }}
                />
              </span>
              <span className="sp-num nowrap">{row.told(of[which])}</span>
            </div>
          ))}
        </li>
      ))}
    </ul>
  );
}

/** Where the second plan serves a larger or a smaller share than the first. */
export function CompareMap({ of }: { of: Comparison }) {
  const { t } = useTranslation();
  const groups = (side: Side) =>
    side.fairness.find((table) => table.dimension === 'district')?.groups ?? [];
  const other = new Map(groups(of.other).map((group) => [group.key, group.share]));
  return (
    <Card title={t('alloc.map_change')}>
      <div className="alloc-map">
        <RegionMap
          level="kecamatan"
          kind="change"
          meaning={of.other.name}
          format={formatShare}
          places={groups(of.plan).map((group) => {
            const now = other.get(group.key) ?? 0;
            return {
              code: group.key,
              // Shares are compared as they are told, to a tenth of a per cent.
              value: Math.round((now - group.share) * 1000) / 1000,
              told: t('alloc.map_change_told', {
                a: formatShare(group.share),
                b: formatShare(now),
              }),
            };
          })}
        />
      </div>
    </Card>
  );
}
