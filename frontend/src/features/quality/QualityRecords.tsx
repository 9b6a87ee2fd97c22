// The records behind a number of the quality page: who lacks the value, is old, or is told differently by two sources.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useRegions } from '~/api/reference';
import { word } from '~/i18n';
import { FilterSelect } from '~/ui/fields';
import { formatPeriod } from '~/ui/format';
import type { Column } from '~/ui/list/DataTable';
import { ListPage } from '~/ui/list/ListPage';
import { useList } from '~/ui/list/useList';
import { Page } from '~/ui/page';
import { Empty } from '~/ui/states';
import { listQuery, usePage } from '~/ui/useResource';
import { fields, findings, type QualityRecord } from './types';
import './quality.css';

export default function QualityRecords() {
  const { t } = useTranslation();
  const regions = useRegions();
  const control = useList();
  const { field, finding, region } = control.search;
  const asked = Boolean(field && finding && region);
  const query = usePage<QualityRecord>('/quality/records', listQuery(control), asked);
  const columns: Column<QualityRecord>[] = [
    {
      id: 'name',
      header: t('quality.who'),
      lead: true,
      cell: (row) => (
        <Link to="/households/$id" params={{ id: row.household_id }}>
          {row.name ?? t('quality.unnamed')}
        </Link>
      ),
    },
    { id: 'region', header: t('problems.region'), cell: (row) => regions.full(row.region_code) },
    { id: 'source', header: t('quality.source'), cell: (row) => word('data_source', row.source) },
    {
      id: 'confirmed',
      header: t('quality.confirmed'),
      cell: (row) => (row.confirmed ? formatPeriod(row.confirmed) : t('quality.never')),
    },
    {
      id: 'said',
      header: t('quality.said'),
      cell: (row) =>
        row.said.length === 0
          ? '–'
          : row.said
              .map(
                (one) =>
                  `${word('data_source', one.source)} ${formatPeriod(one.period)}: ${one.value ?? '–'}`,
              )
              .join('; '),
    },
  ];
  const choices = (group: string, values: readonly string[]) =>
    values.map((value) => ({ value, label: word(group, value) }));
  const filters = (
    <>
      <FilterSelect
        label={t('quality.field')}
        width={230}
        value={field}
        options={choices('quality_field', fields)}
        onChange={(value) => control.setFilter('field', value)}
      />
      <FilterSelect
        label={t('quality.finding')}
        value={finding}
        options={choices('quality_finding', findings)}
        onChange={(value) => control.setFilter('finding', value)}
      />
      <FilterSelect
        label={t('households.kecamatan')}
        value={region}
        options={regions.options('kecamatan')}
        onChange={(value) => control.setFilter('region', value)}
      />
    </>
  );
  return (
    <Page
      back={t('places.quality')}
      title={t('quality.records_title')}
      lead={
        asked
          ? [
              word('quality_field', String(field)),
              word('quality_finding', String(finding)),
              regions.full(String(region)),
            ].join(' · ')
          : undefined
      }
    >
      {asked ? (
        <ListPage<QualityRecord>
          id="quality-records"
          caption={t('quality.records_title')}
          control={control}
          query={query}
          columns={columns}
          rowKey={(row) => row.id}
          filters={filters}
          chip={(name, value) =>
            name === 'region'
              ? regions.full(value)
              : name === 'source'
                ? word('data_source', value)
                : word(`quality_${name}`, value)
          }
          empty={{ title: t('quality.no_records') }}
        />
      ) : (
        <>
          <div className="quality-filters no-print">{filters}</div>
          <div className="card">
            <Empty title={t('quality.choose')} why={t('quality.choose_why')} />
          </div>
        </>
      )}
    </Page>
  );
}
