// Two plans side by side: what each reaches, whom only one of them serves, and which areas gain or lose.
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { word } from '~/i18n';
import { PickSelect } from '~/ui/fields';
import { formatMoney, formatNumber } from '~/ui/format';
import { Card, Page } from '~/ui/page';
import { Empty, Loading, Notice, ProblemState } from '~/ui/states';
import { usePage, useResource } from '~/ui/useResource';
import { formatPoints, formatShare, tierWord } from './alloc-bits';
import { CompareCharts, CompareMap } from './CompareCharts';
import { useGroupName } from './PlanFairness';
import type { Comparison, Plan, Side } from './types';
import './allocations.css';

export default function ComparePlans() {
  const { t } = useTranslation();
  const search = useSearch({ strict: false }) as { plan?: string; other?: string };
  const navigate = useNavigate();
  const plans = usePage<Plan>('/allocation-plans', { limit: 100 });
  const solved = (plans.data?.data ?? []).filter((plan) => plan.solved_at !== null);
  const both = Boolean(search.plan && search.other && search.plan !== search.other);
  const query = useResource<Comparison>(
    ['allocation-plans', 'compare', search.plan ?? '', search.other ?? ''],
    `/allocation-plans/${search.plan}/compare?other=${search.other}`,
    both,
  );
  const pick = (side: 'plan' | 'other', not: string | undefined) => (
    <PickSelect
      label={t(`alloc.side.${side}`)}
      options={solved
        .filter((plan) => plan.id !== not)
        .map((plan) => ({
          value: plan.id,
          label: `${plan.name} · ${word('alloc_policy', plan.policy)}`,
        }))}
      value={search[side] ?? ''}
      onChange={(value) =>
        void navigate({ to: '.', search: { ...search, [side]: value || undefined } as never })
      }
    />
  );
  return (
    <Page back={t('alloc.title')} title={t('alloc.compare')} lead={t('alloc.compare_lead')}>
      <Card>
        {plans.isError ? (
          <ProblemState error={plans.error} retry={() => void plans.refetch()} />
        ) : (
          <div className="alloc-form">
            {pick('plan', search.other)}
            {pick('other', search.plan)}
          </div>
        )}
      </Card>
      {!both ? (
        <div className="card">
          <Empty title={t('alloc.choose_two')} why={t('alloc.choose_two_why')} />
        </div>
      ) : query.data ? (
        <Compared of={query.data.data} />
      ) : (
        <div className="card">
          {query.isError ? (
            <ProblemState error={query.error} retry={() => void query.refetch()} />
          ) : (
            <Loading lines={8} />
          )}
        </div>
      )}
    </Page>
  );
}

interface Row {
  label: ReactNode;
  of: (side: Side) => number;
  as: (value: number) => string;
  /** Less of it is better. */
  less?: boolean;
  neutral?: boolean;
}

function Compared({ of }: { of: Comparison }) {
  const { t } = useTranslation();
  const nameOf = useGroupName();
  const reasonsIn = [...new Set([...of.plan.left_out, ...of.other.left_out].map((r) => r.reason))];
  const left = (side: Side, reason: string) =>
    side.left_out.find((row) => row.reason === reason)?.needs ?? 0;
  const rows: Row[] = [
    { label: t('alloc.served'), of: (side) => side.counts.lines, as: formatNumber },
    ...of.plan.tiers.map(({ tier }) => ({
      label: <span className="muted">{tierWord(tier)}</span>,
      of: (side: Side) => side.tiers.find((one) => one.tier === tier)?.lines ?? 0,
      as: formatNumber,
    })),
    { label: t('alloc.value'), of: (side) => side.value, as: formatPoints },
    {
      label: t('alloc.gap'),
      of: (side) => side.gap,
      as: (value) => formatShare(value, 'fine'),
      less: true,
    },
    {
      label: t('alloc.money'),
      of: (side) => side.counts.amount_idr,
      as: formatMoney,
      neutral: true,
    },
    {
      label: t('alloc.part.left-out'),
      of: (side) => side.counts.left_out,
      as: formatNumber,
      less: true,
    },
    ...reasonsIn.map((reason) => ({
      label: <span className="muted">{word('alloc_reason', reason)}</span>,
      of: (side: Side) => left(side, reason),
      as: formatNumber,
      neutral: true,
    })),
  ];
  const district = (side: Side) =>
    side.fairness.find((table) => table.dimension === 'district')?.groups ?? [];
  const districts: Row[] = district(of.plan).map((group) => ({
    label: nameOf('district', group),
    of: (side) => district(side).find((one) => one.key === group.key)?.share ?? 0,
    as: formatShare,
  }));
  return (
    <>
      {!of.same_input && <Notice tone="warn" title={t('alloc.other_input')} />}
      <CompareCharts of={of} />
      <Table title={t('alloc.side_by_side')} of={of} rows={rows} />
      {districts.length > 0 && (
        <>
          <CompareMap of={of} />
          <Table title={t('alloc.by_district')} of={of} rows={districts} />
        </>
      )}
    </>
  );
}

function Table({ title, of, rows }: { title: string; of: Comparison; rows: Row[] }) {
  const { t } = useTranslation();
  return (
    <Card title={title}>
      <div className="alloc-scroll" tabIndex={0} role="group" aria-label={title}>
        <table className="alloc-compare">
          <thead>
            <tr>
              <th scope="col">
                <span className="sp-visually-hidden">{t('alloc.measure')}</span>
              </th>
              <th scope="col">{of.plan.name}</th>
              <th scope="col">{of.other.name}</th>
              <th scope="col">{t('alloc.difference')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, at) => {
              const [a, b] = [row.of(of.plan), row.of(of.other)];
              const better = row.less ? b < a : b > a;
              const tone = row.neutral || a === b ? '' : better ? 'alloc-more' : 'alloc-less';
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: the rows never change their order
                <tr key={at}>
                  <th scope="row">{row.label}</th>
                  <td>{row.as(a)}</td>
                  <td>{row.as(b)}</td>
                  <td className={tone}>
                    {a === b ? '=' : `${b > a ? '+' : '−'}${row.as(Math.abs(b - a))}`}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
