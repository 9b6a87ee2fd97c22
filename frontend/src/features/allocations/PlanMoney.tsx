// Which money and seats a plan could use, how much of them it uses, and what one more would buy.
import { useTranslation } from 'react-i18next';
import { useLanguage } from '~/i18n';
import { formatMoney, formatNumber } from '~/ui/format';
import { DataTable } from '~/ui/list/DataTable';
import { Card } from '~/ui/page';
import { Loading, ProblemState } from '~/ui/states';
import { useResource } from '~/ui/useResource';
import { Bar, formatPoints, tierWord } from './alloc-bits';
import { PlanFrame } from './PlanFrame';
import type { Budget, Plan, Price, Seats, Supply } from './types';

const MILLION = 1_000_000;
/** No need weighs more. */
const MOST_POINTS = 1000;

export function PlanMoney({ id }: { id: string }) {
  return (
    <PlanFrame id={id} at="money">
      {(plan) => <Money plan={plan} />}
    </PlanFrame>
  );
}

function Money({ plan }: { plan: Plan }) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const query = useResource<Supply>(
    ['allocation-plans', plan.id, 'budgets'],
    `/allocation-plans/${plan.id}/budgets`,
  );
  if (query.isPending) {
    return (
      <div className="card">
        <Loading lines={8} />
      </div>
    );
  }
  if (query.isError) {
    return (
      <div className="card">
        <ProblemState error={query.error} retry={() => void query.refetch()} />
      </div>
    );
  }
  const { budgets, seats } = query.data.data;
  const amount = (value: number, unit: string) =>
    unit === 'IDR' ? formatMoney(value) : `${formatNumber(value)} ${unit}`;
  const costs = new Map(seats.map((row) => [row.cycle_id, row.cost_idr]));
  const real = (row: Budget) => binding(row, costs.get(row.cycle_id ?? ''));
  const worth = (prices: Price[]) => prices.reduce((sum, price) => sum + price.points, 0);
  return (
    <>
      <Card title={t('alloc.budgets')} flush>
        <p className="card-note muted">{t('alloc.budgets_why')}</p>
        {budgets.length === 0 ? (
          <p className="card-note">{t('alloc.no_budget')}</p>
        ) : (
          <DataTable<Budget>
            caption={t('alloc.budgets')}
            fold={20}
            rows={[...budgets].sort((a, b) => worth(real(b)) - worth(real(a)))}
            rowKey={(row) => `${row.funding_source_id} ${row.cycle_id}`}
            columns={[
              {
                id: 'source',
                header: t('alloc.source'),
                lead: true,
                cell: (row) => row.funding_source_name,
              },
              {
                id: 'program',
                header: t('alloc.program'),
                cell: (row) =>
                  row.kind === 'extra' ? (
                    <span className="badge badge-warn">{t('alloc.imagined')}</span>
                  ) : (
                    name(row.program_name)
                  ),
              },
              {
                id: 'amount',
                header: t('alloc.there_is'),
                numeric: true,
                cell: (row) => <span className="nowrap">{amount(row.amount, row.unit)}</span>,
              },
              {
                id: 'planned',
                header: t('alloc.planned'),
                numeric: true,
                cell: (row) => <span className="nowrap">{amount(row.planned, row.unit)}</span>,
              },
              {
                id: 'used',
                header: t('alloc.used'),
                cell: (row) => <Bar share={row.amount ? row.planned / row.amount : 0} />,
              },
              {
                id: 'more',
                header: t('alloc.more_buys'),
                cell: (row) => <MoreMoney prices={real(row)} unit={row.unit} tiers={plan.tiers} />,
              },
            ]}
          />
        )}
      </Card>
      <Card title={t('alloc.seats')} flush>
        <DataTable<Seats>
          caption={t('alloc.seats')}
          fold={20}
          rows={[...seats].sort((a, b) => worth(b.prices) - worth(a.prices))}
          rowKey={(row) => row.cycle_id}
          columns={[
            {
              id: 'program',
              header: t('alloc.program'),
              lead: true,
              cell: (row) => `${name(row.program_name)} · ${row.cycle_name}`,
            },
            {
              id: 'candidates',
              header: t('alloc.candidates'),
              numeric: true,
              cell: (row) => formatNumber(row.candidates),
            },
            {
              id: 'left',
              header: t('alloc.seats_left'),
              numeric: true,
              cell: (row) => formatNumber(row.seats_left),
            },
            {
              id: 'planned',
              header: t('alloc.planned'),
              numeric: true,
              cell: (row) => formatNumber(row.planned),
            },
            {
              id: 'used',
              header: t('alloc.used'),
              cell: (row) => <Bar share={row.seats_left ? row.planned / row.seats_left : 0} />,
            },
            {
              id: 'more',
              header: t('alloc.seat_buys'),
              cell: (row) =>
                worth(row.prices) > 0.005
                  ? row.prices
                      .filter((price) => price.points > 0.005)
                      .map((price) =>
                        t('alloc.points_for', {
                          points: formatPoints(price.points),
                          tier: tierWord(price.tier),
                        }),
                      )
                      .join('; ')
                  : t('alloc.buys_nothing'),
            },
          ]}
        />
      </Card>
    </>
  );
}

/**
 * The prices that mean something: of money that is used up to less than one more award, and no higher than the weightiest
 * need could pay for it. Money that is left over, or that nobody could use, buys nothing more.
 */
export function binding(row: Budget, cost: number | undefined): Price[] {
  if (row.amount - row.planned >= Math.max(cost ?? 1, 1)) return [];
  const most = cost && row.unit === 'IDR' ? (1.01 * MOST_POINTS * MILLION) / cost : Infinity;
  return row.prices.filter((price) => price.points > 0.005 && price.points <= most);
}

/** The price in words: how much money one more need of the usual weight takes. */
function MoreMoney(props: { prices: Price[]; unit: string; tiers: Plan['tiers'] }) {
  const { t } = useTranslation();
  const { unit, tiers } = props;
  const prices = props.prices;
  if (prices.length === 0) return <span className="muted">{t('alloc.buys_nothing')}</span>;
  return prices.map((price) => {
    const tier = tiers.find((one) => one.tier === price.tier);
    const usual = tier && tier.lines > 0 ? tier.value / tier.lines : 0;
    return (
      <p key={price.tier}>
        {unit === 'IDR' && usual > 0
          ? t('alloc.one_more_for', {
              money: formatMoney(Math.round((usual / price.points) * MILLION)),
              tier: tierWord(price.tier),
            })
          : t('alloc.points_for', {
              points: formatPoints(price.points),
              tier: tierWord(price.tier),
            })}
        {unit === 'IDR' && (
          <span className="muted small">
            {' '}
            {t('alloc.per_million', { points: formatPoints(price.points) })}
          </span>
        )}
      </p>
    );
  });
}
