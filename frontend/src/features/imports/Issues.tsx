import { useTranslation } from 'react-i18next';
import type { ImportCounts, ImportIssue } from '~/api/types';
import { useLanguage, word } from '~/i18n';
import { StatusBadge } from '~/ui/Badge';
import { FilterSelect } from '~/ui/fields';
import { formatNumber } from '~/ui/format';
import type { Column } from '~/ui/list/DataTable';
import { ListPage } from '~/ui/list/ListPage';
import { useList } from '~/ui/list/useList';
import { listQuery, usePage } from '~/ui/useResource';

const codes = [
  'name_missing',
  'kk_scientific_notation',
  'kk_length',
  'region_unknown',
  'family_not_found',
  'nik_shared',
  'nik_length',
  'nik_scientific_notation',
  'nik_numeric_precision_lost',
  'birth_date_invalid',
  'nik_missing',
  'nik_birth_date_mismatch',
  'nik_implausible',
  'decile_missing',
  'no_identity',
  'ppks_age_mismatch',
];

export function Issues({ id }: { id: string; counts: ImportCounts }) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const control = useList();
  const query = usePage<ImportIssue>(`/imports/${id}/issues`, listQuery(control));
  const columns: Column<ImportIssue>[] = [
    {
      id: 'code',
      header: t('imports.issue_code'),
      lead: true,
      cell: (row) => <span className="strong">{word('issue', row.code)}</span>,
    },
    {
      id: 'verdict',
      header: t('imports.issue_verdict'),
      cell: (row) => <StatusBadge group="verdict" value={row.verdict} />,
    },
    { id: 'file', header: t('imports.issue_file'), cell: (row) => word('imports', row.file) },
    {
      id: 'row',
      header: t('imports.issue_row'),
      numeric: true,
      cell: (row) => formatNumber(row.row),
    },
    { id: 'column', header: t('imports.issue_column'), cell: (row) => row.column || '–' },
    {
      id: 'value',
      header: t('imports.issue_value'),
      cell: (row) => (row.value_masked ? <span className="masked">{row.value_masked}</span> : '–'),
    },
    { id: 'message', header: t('imports.issue_message'), cell: (row) => name(row.message) },
  ];
  return (
    <ListPage<ImportIssue>
      id="import_issues"
      caption={t('imports.issues')}
      control={control}
      query={query}
      columns={columns}
      rowKey={(row) => String(row.id)}
      filters={
        <>
          <FilterSelect
            label={t('imports.issue_code')}
            width={280}
            value={control.search.code}
            options={codes.map((value) => ({ value, label: word('issue', value) }))}
            onChange={(value) => control.setFilter('code', value)}
          />
          <FilterSelect
            label={t('imports.issue_verdict')}
            width={160}
            value={control.search.verdict}
            options={['reject', 'conflict', 'drop', 'warn'].map((value) => ({
              value,
              label: word('verdict', value),
            }))}
            onChange={(value) => control.setFilter('verdict', value)}
          />
        </>
      }
      chip={(filter, value) => word(filter === 'code' ? 'issue' : 'verdict', value)}
      empty={{ title: t('imports.no_issues'), why: t('imports.no_issues_why') }}
    />
  );
}
