// Whom a plan gives what, from which money, and why he comes before others; later, what became of it.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCodes, useRegions } from '~/api/reference';
import { useLanguage, word } from '~/i18n';
import { StatusBadge } from '~/ui/Badge';
import { FilterSelect } from '~/ui/fields';
import { formatMoney, formatNumber } from '~/ui/format';
import type { Column } from '~/ui/list/DataTable';
import { ListPage } from '~/ui/list/ListPage';
import { useList } from '~/ui/list/useList';
import { listQuery, usePage } from '~/ui/useResource';
import { formatPoints, tierWord } from './alloc-bits';
import { PlanFrame } from './PlanFrame';
import {
  type LeftOut,
  type Line,
  lineStatuses,
  type Need,
  reasons,
  tiers,
  weightNames,
} from './types';

const options = (group: string, values: readonly string[]) =>
  values.map((value) => ({ value, label: word(group, value) }));

/** The columns both lists share. */
function useNeedColumns<T extends Need>(): Record<
  'who' | 'need' | 'region' | 'tier' | 'rank',
  Column<T>
> {
  const { t } = useTranslation();
  const needs = useCodes('needs');
  const regions = useRegions();
  return {
    who: {
      id: 'who',
      header: t('alloc.who'),
      lead: true,
      cell: (row) => (
        <Link to="/problems/$id" params={{ id: row.problem_id }}>
          {row.subject_name ?? t('alloc.unnamed')}
        </Link>
      ),
    },
    need: {
      id: 'need',
      header: t('alloc.need'),
      cell: (row) => `${needs.name(row.need_code)} · ${word('severity', row.severity)}`,
    },
    region: {
      id: 'region',
      header: t('problems.region'),
      cell: (row) => regions.full(row.region_code),
    },
    tier: { id: 'tier', header: t('alloc.tier'), cell: (row) => tierWord(row.tier) },
    rank: {
      id: 'rank',
      header: t('alloc.rank'),
      cell: (row) => (
        <>
          <span className="nowrap">
            <strong className="sp-num">{formatNumber(row.rank)}</strong> · {formatPoints(row.score)}{' '}
            {t('alloc.points')}
          </span>
          <span className="alloc-points muted small">
            {weightNames
              .filter((name) => row.points[name] > 0)
              .map((name) => (
                <span key={name} className="nowrap">
                  {t(`alloc.weight.${name}`)} {formatNumber(row.points[name])}
                </span>
              ))}
          </span>
        </>
      ),
    },
  };
}

function useRegionFilter() {
  const { t } = useTranslation();
  const regions = useRegions();
  return {
    label: t('households.kecamatan'),
    options: regions.options('kecamatan'),
    chip: (value: string) => regions.name(value),
  };
}

export function PlanLines({ id }: { id: string }) {
  return (
    <PlanFrame id={id} at="lines">
      {() => <Lines id={id} />}
    </PlanFrame>
  );
}

function Lines({ id }: { id: string }) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const control = useList();
  const region = useRegionFilter();
  const query = usePage<Line>(`/allocation-plans/${id}/lines`, listQuery(control));
  const shared = useNeedColumns<Line>();
  const columns: Column<Line>[] = [
    shared.who,
    shared.need,
    shared.region,
    {
      id: 'program',
      header: t('alloc.gets'),
      cell: (row) => (
        <>
          {name(row.program_name)}
          <span className="alloc-points muted small">
            {[row.amount_idr > 0 && formatMoney(row.amount_idr), row.funding_source_name]
              .filter(Boolean)
              .join(' · ')}
          </span>
        </>
      ),
    },
    { ...shared.tier, extra: true },
    shared.rank,
    {
      id: 'status',
      header: t('ui.status'),
      cell: (row) => (
        <>
          <StatusBadge group="alloc_line" value={row.status} />
          {row.referral_id && (
            <>
              {' '}
              <Link to="/referrals/$id" params={{ id: row.referral_id }}>
                {t('alloc.open_referral')}
              </Link>
            </>
          )}
          {row.skipped_code && <p className="small">{skipped(row.skipped_code)}</p>}
          {row.replaces_id && <p className="muted small">{t('alloc.takes_place')}</p>}
        </>
      ),
    },
  ];
  return (
    <ListPage<Line>
      id="allocation-lines"
      caption={t('alloc.part.lines')}
      control={control}
      query={query}
      columns={columns}
      rowKey={(row) => row.id}
      filters={
        <>
          <FilterSelect
            label={region.label}
            value={control.search.region}
            options={region.options}
            onChange={(value) => control.setFilter('region', value)}
          />
          <FilterSelect
            label={t('alloc.tier')}
            value={control.search.tier}
            options={options('alloc_tier', tiers)}
            onChange={(value) => control.setFilter('tier', value)}
          />
          <FilterSelect
            label={t('ui.status')}
            value={control.search.status}
            options={options('alloc_line', lineStatuses)}
            onChange={(value) => control.setFilter('status', value)}
          />
        </>
      }
      chip={(filter, value) =>
        filter === 'region'
          ? region.chip(value)
          : word(filter === 'tier' ? 'alloc_tier' : 'alloc_line', value)
      }
      empty={{ title: t('alloc.no_lines'), why: t('alloc.no_lines_why') }}
    />
  );
}

/** Why a line was not sent: a reason of the plan's own, or the refusal's title. */
function skipped(code: string): string {
  const own = word('alloc_skipped', code);
  return own === code ? word('problem', code) : own;
}

export function PlanLeftOut({ id }: { id: string }) {
  return (
    <PlanFrame id={id} at="left-out">
      {() => <LeftOutList id={id} />}
    </PlanFrame>
  );
}

function LeftOutList({ id }: { id: string }) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const control = useList();
  const region = useRegionFilter();
  const query = usePage<LeftOut>(`/allocation-plans/${id}/left-out`, listQuery(control));
  const shared = useNeedColumns<LeftOut>();
  const columns: Column<LeftOut>[] = [
    shared.who,
    shared.need,
    shared.region,
    {
      id: 'reason',
      header: t('ui.reason'),
      cell: (row) => (
        <>
          {word('alloc_reason', row.reason)}
          {row.promoted_at && <p className="muted small">{t('alloc.promoted')}</p>}
        </>
      ),
    },
    { id: 'closest', header: t('alloc.closest'), cell: (row) => name(row.program_name) || '–' },
    { ...shared.tier, extra: true },
    shared.rank,
  ];
  return (
    <ListPage<LeftOut>
      id="allocation-left-out"
      caption={t('alloc.part.left-out')}
      control={control}
      query={query}
      columns={columns}
      rowKey={(row) => row.id}
      filters={
        <>
          <FilterSelect
            label={region.label}
            value={control.search.region}
            options={region.options}
            onChange={(value) => control.setFilter('region', value)}
          />
          <FilterSelect
            label={t('ui.reason')}
            width={260}
            value={control.search.reason}
            options={options('alloc_reason', reasons)}
            onChange={(value) => control.setFilter('reason', value)}
          />
          <FilterSelect
            label={t('alloc.tier')}
            value={control.search.tier}
            options={options('alloc_tier', tiers)}
            onChange={(value) => control.setFilter('tier', value)}
          />
        </>
      }
      chip={(filter, value) =>
        filter === 'region'
          ? region.chip(value)
          : word(filter === 'tier' ? 'alloc_tier' : 'alloc_reason', value)
      }
      empty={{ title: t('alloc.nobody_left_out') }}
    />
  );
}
