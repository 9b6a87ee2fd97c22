// How complete, how fresh and how free of contradiction the registry is, by field, source and area.
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useRegions } from '~/api/reference';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { word } from '~/i18n';
import { FilterSelect } from '~/ui/fields';
import { formatInstant, formatNumber } from '~/ui/format';
import { DataTable } from '~/ui/list/DataTable';
import type { ListSearch } from '~/ui/list/search-params';
import { RegionMap } from '~/ui/map';
import { Card, Page } from '~/ui/page';
import { Empty, Loading, ProblemState } from '~/ui/states';
import { usePage } from '~/ui/useResource';
import { type Count, type Finding, fields, type Group, groups, sources } from './types';
import './quality.css';

export default function QualityPage() {
  const { t } = useTranslation();
  const regions = useRegions();
  const search = useSearch({ strict: false }) as ListSearch;
  const navigate = useNavigate();
  const drills = hasRole(useAccount(), 'coordinator', 'social_worker', 'village_operator');
  const by: Group = groups.find((one) => one === search.by) ?? 'field';
  const set = (name: string, value: string | undefined) =>
    void navigate({ to: '.', search: { ...search, [name]: value } as never, resetScroll: false });
  const query = usePage<Count>('/quality', { ...search, by, limit: 200 });
  // What is least complete first: that is where work begins.
  const rows = query.data && [...query.data.data].sort((a, b) => filled(a) - filled(b));
  const name = (row: Count) =>
    by === 'field'
      ? word('quality_field', row.key)
      : by === 'source'
        ? word('data_source', row.key)
        : regions.full(row.key);
  /** The records behind a number: they need a field and an area. */
  const records = (row: Count, finding: Finding) => {
    const field = by === 'field' ? row.key : search.field;
    const region = by === 'district' || by === 'region' ? row.key : search.region;
    if (!drills || !field || !region) return null;
    const source = by === 'source' ? row.key : search.source;
    return { field, finding, region, ...(source ? { source } : {}) };
  };
  const counted = (row: Count, count: number, finding: Finding) => {
    const to = count > 0 ? records(row, finding) : null;
    const text = `${formatNumber(count)} (${share(count, row.records)})`;
    if (!to) return <span className="nowrap">{text}</span>;
    return (
      <Link to="/quality/records" search={to as never} className="nowrap">
        {text}
        <span className="sp-visually-hidden">
          {' '}
          {word('quality_finding', finding)} {name(row)}
        </span>
      </Link>
    );
  };
  return (
    <Page title={t('places.quality')} lead={t('quality.lead')}>
      <nav className="page-tabs" aria-label={t('quality.by')}>
        {groups.map((group) => (
          <Link
            key={group}
            to="/quality"
            search={{ ...search, by: group } as never}
            activeOptions={{ includeSearch: true, exact: true }}
            aria-current={group === by ? 'page' : undefined}
          >
            {t(`quality.group.${group}`)}
          </Link>
        ))}
      </nav>
      <div className="quality-filters no-print">
        <FilterSelect
          label={t('households.kecamatan')}
          value={search.region}
          options={regions.options('kecamatan')}
          onChange={(value) => set('region', value)}
        />
        <FilterSelect
          label={t('quality.source')}
          value={search.source}
          options={sources.map((value) => ({ value, label: word('data_source', value) }))}
          onChange={(value) => set('source', value)}
        />
        {by !== 'field' && (
          <FilterSelect
            label={t('quality.field')}
            width={230}
            value={search.field}
            options={fields.map((value) => ({ value, label: word('quality_field', value) }))}
            onChange={(value) => set('field', value)}
          />
        )}
      </div>
      {(by === 'district' || by === 'region') && rows && rows.length > 0 && (
        <Card title={t('quality.map')}>
          <div className="quality-map">
            <RegionMap
              level={by === 'district' ? 'kecamatan' : 'kelurahan'}
              kind="share"
              meaning={t('quality.complete')}
              format={(value) => `${formatNumber(Math.round(value * 100))} %`}
              places={rows.map((row) => ({
                code: row.key,
                value: row.records === 0 ? 0 : row.filled / row.records,
                told: t('quality.map_told', {
                  share: share(row.filled, row.records),
                  missing: formatNumber(row.records - row.filled),
                }),
              }))}
              {...(search.region ? { chosen: String(search.region) } : {})}
            />
          </div>
        </Card>
      )}
      <div className="card">
        {rows === undefined ? (
          query.isError ? (
            <ProblemState error={query.error} retry={() => void query.refetch()} />
          ) : (
            <Loading lines={9} />
          )
        ) : rows.length === 0 ? (
          <Empty title={t('quality.none')} why={t('quality.none_why')} />
        ) : (
          <DataTable<Count>
            caption={t(`quality.group.${by}`)}
            fold={40}
            rows={rows}
            rowKey={(row) => `${row.key} ${row.subject_kind}`}
            columns={[
              { id: 'name', header: t(`quality.group.${by}`), lead: true, cell: name },
              {
                id: 'complete',
                header: t('quality.complete'),
                cell: (row) => <Share of={row.filled} all={row.records} />,
              },
              {
                id: 'missing',
                header: word('quality_finding', 'missing'),
                numeric: true,
                cell: (row) => counted(row, row.records - row.filled, 'missing'),
              },
              {
                id: 'stale',
                header: word('quality_finding', 'stale'),
                numeric: true,
                cell: (row) => counted(row, row.stale, 'stale'),
              },
              {
                id: 'conflict',
                header: word('quality_finding', 'conflict'),
                numeric: true,
                cell: (row) => counted(row, row.conflicts, 'conflict'),
              },
              {
                id: 'records',
                header: t('quality.records'),
                numeric: true,
                cell: (row) => formatNumber(row.records),
              },
            ]}
          />
        )}
      </div>
      {rows?.[0] && (
        <p className="muted small">
          {t('quality.computed', { when: formatInstant(oldest(rows)) })}{' '}
          {drills && t('quality.drill')}
        </p>
      )}
    </Page>
  );
}

const filled = (row: Count) => (row.records === 0 ? 1 : row.filled / row.records);

const oldest = (rows: Count[]) =>
  rows.reduce((least, row) => (row.computed_at < least ? row.computed_at : least), '9');

function share(part: number, all: number): string {
  if (all === 0) return '–';
  const percent = (100 * part) / all;
  return part > 0 && percent < 1 ? '< 1 %' : `${Math.round(percent)} %`;
}

function Share({ of, all }: { of: number; all: number }) {
  const percent = all === 0 ? 0 : (100 * of) / all;
  return (
    <span className="quality-share">
      <span className="meter" aria-hidden="true">
        <span style={{ width: `${percent}%` }} />
      </span>
      <span className="sp-num nowrap">{all === 0 ? '–' : `${Math.floor(percent)} %`}</span>
    </span>
  );
}
