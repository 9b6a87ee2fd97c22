// Which unknown facts keep the most verdicts open, by kelurahan: what to ask there first.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useRegions } from '~/api/reference';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { useLanguage } from '~/i18n';
import { FilterSelect } from '~/ui/fields';
import { formatNumber } from '~/ui/format';
import type { Column } from '~/ui/list/DataTable';
import { ListPage } from '~/ui/list/ListPage';
import { useList } from '~/ui/list/useList';
import { MatchingTabs } from '~/ui/MatchingTabs';
import { Page } from '~/ui/page';
import { listQuery, usePage } from '~/ui/useResource';
import { MissingMap } from './MissingMap';
import type { MissingFactCount } from './types';
import './matching.css';

/** Facts whose gaps the quality page lists by name, and what it calls them. */
const listed: Record<string, string> = {
  ...Object.fromEntries(
    [
      'members',
      'decile',
      'floor',
      'wall',
      'water',
      'toilet',
      'house_status',
      'birth_date',
      'sex',
      'relation',
      'marital_status',
      'school_participation',
      'working',
    ].map((fact) => [fact, fact]),
  ),
  nik_recorded: 'nik',
};

export default function MissingFacts() {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const drills = hasRole(useAccount(), 'coordinator', 'social_worker', 'village_operator');
  const control = useList();
  const regions = useRegions();
  const query = usePage<MissingFactCount>('/insight/missing-facts', listQuery(control));
  const most = Math.max(1, ...(query.data?.data ?? []).map((row) => row.verdicts));
  const region = control.search.region ? String(control.search.region) : undefined;
  // A kelurahan's code begins with its kecamatan's.
  const district = region?.split('.').slice(0, 3).join('.');
  const columns: Column<MissingFactCount>[] = [
    {
      id: 'fact',
      header: t('missing.fact'),
      lead: true,
      cell: (row) => {
        const label = name(row.label);
        return label.charAt(0).toUpperCase() + label.slice(1);
      },
    },
    { id: 'region', header: t('missing.region'), cell: (row) => regions.full(row.region_code) },
    {
      id: 'verdicts',
      header: t('missing.verdicts'),
      cell: (row) => (
        <span className="missing-bar">
          <span className="meter" aria-hidden="true">
            <span style={{ width: `${(100 * row.verdicts) / most}%` }} />
          </span>
          <span className="sp-num">{formatNumber(row.verdicts)}</span>
        </span>
      ),
    },
    {
      id: 'programs',
      header: t('missing.programs'),
      numeric: true,
      cell: (row) => formatNumber(row.programs),
    },
    {
      id: 'who',
      header: t('missing.who'),
      cell: (row) =>
        drills && listed[row.fact] ? (
          <Link
            to="/quality/records"
            search={
              { field: listed[row.fact], finding: 'missing', region: row.region_code } as never
            }
          >
            {t('missing.see')}
            <span className="sp-visually-hidden">
              {' '}
              {name(row.label)}, {regions.full(row.region_code)}
            </span>
          </Link>
        ) : (
          '–'
        ),
    },
  ];
  return (
    <Page title={t('missing.title')} lead={t('missing.lead')}>
      <MatchingTabs at="missing" />
      <MissingMap choose={(code) => control.setFilter('region', code)} chosen={region} />
      <ListPage<MissingFactCount>
        id="missing_facts"
        caption={t('missing.title')}
        control={control}
        query={query}
        columns={columns}
        rowKey={(row) => `${row.region_code} ${row.fact}`}
        filters={
          <>
            <FilterSelect
              label={t('rule.district')}
              value={district}
              options={regions.options('kecamatan')}
              onChange={(value) => control.setFilter('region', value)}
            />
            {district && (
              <FilterSelect
                label={t('missing.region')}
                value={region === district ? undefined : region}
                options={regions.options('kelurahan', district)}
                onChange={(value) => control.setFilter('region', value ?? district)}
              />
            )}
          </>
        }
        chip={(_filter, value) => regions.full(value)}
        empty={{ title: t('missing.empty'), why: t('missing.empty_why') }}
      />
    </Page>
  );
}
