import { useTranslation } from 'react-i18next';
import type { Assessment } from '~/api/forms';
import { useRegions } from '~/api/reference';
import { useLanguage, word } from '~/i18n';
import { StatusBadge } from '~/ui/Badge';
import { FilterSelect } from '~/ui/fields';
import { formatInstant } from '~/ui/format';
import type { Column } from '~/ui/list/DataTable';
import { ListPage } from '~/ui/list/ListPage';
import { useList } from '~/ui/list/useList';
import { Page } from '~/ui/page';
import { listQuery, usePage } from '~/ui/useResource';
import { ScoreLine } from './assessment-bits';

const statuses = ['draft', 'signed', 'countersigned', 'returned', 'superseded'];
const kinds = ['assessment', 'screening'];

export default function AssessmentList() {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const control = useList();
  const regions = useRegions();
  const query = usePage<Assessment>('/assessments', listQuery(control));
  const columns: Column<Assessment>[] = [
    {
      id: 'subject',
      header: t('assessments.subject'),
      lead: true,
      cell: (row) => row.subject_name || t('assessments.subject_household'),
    },
    {
      id: 'instrument',
      header: t('assessments.instrument'),
      cell: (row) => name(row.instrument.name),
    },
    {
      id: 'kind',
      header: t('assessments.kind'),
      cell: (row) => word('assessment_kind', row.kind),
    },
    {
      id: 'status',
      header: t('ui.status'),
      cell: (row) => <StatusBadge group="assessment_status" value={row.status} />,
    },
    {
      id: 'scores',
      header: t('assessments.outcome'),
      cell: (row) => <ScoreLine assessment={row} />,
    },
    { id: 'author', header: t('assessments.author'), cell: (row) => row.author_name },
    {
      id: 'second',
      header: t('assessments.countersigned'),
      cell: (row) => row.countersigned_by_name ?? '–',
    },
    {
      id: 'region',
      header: t('assessments.region'),
      cell: (row) => regions.full(row.region_code),
      extra: true,
    },
    {
      id: 'signed',
      header: t('assessments.signed_at'),
      cell: (row) => formatInstant(row.signed_at),
    },
    {
      id: 'updated',
      header: t('ui.updated'),
      cell: (row) => formatInstant(row.updated_at),
      extra: true,
    },
  ];
  return (
    <Page title={t('assessments.title')} lead={t('assessments.lead')}>
      <ListPage<Assessment>
        id="assessments"
        caption={t('assessments.title')}
        control={control}
        query={query}
        columns={columns}
        rowKey={(row) => row.id}
        href={(row) => `/assessments/${row.id}`}
        filters={
          <>
            <FilterSelect
              label={t('ui.status')}
              value={control.search.status}
              options={statuses.map((value) => ({
                value,
                label: word('assessment_status', value),
              }))}
              onChange={(value) => control.setFilter('status', value)}
            />
            <FilterSelect
              label={t('assessments.kind')}
              width={150}
              value={control.search.kind}
              options={kinds.map((value) => ({ value, label: word('assessment_kind', value) }))}
              onChange={(value) => control.setFilter('kind', value)}
            />
            <FilterSelect
              label={t('assessments.whose')}
              width={150}
              value={control.search.mine}
              options={[{ value: 'true', label: t('assessments.mine') }]}
              onChange={(value) => control.setFilter('mine', value)}
            />
          </>
        }
        chip={(filter, value) =>
          filter === 'mine'
            ? t('assessments.mine')
            : filter === 'status'
              ? word('assessment_status', value)
              : word('assessment_kind', value)
        }
        empty={{ title: t('assessments.empty'), why: t('assessments.empty_why') }}
      />
    </Page>
  );
}
