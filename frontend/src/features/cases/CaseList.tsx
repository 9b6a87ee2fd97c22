import { useTranslation } from 'react-i18next';
import { useRegions } from '~/api/reference';
import { word } from '~/i18n';
import { StatusBadge } from '~/ui/Badge';
import { FilterSelect } from '~/ui/fields';
import { formatDate, formatInstant } from '~/ui/format';
import type { Column } from '~/ui/list/DataTable';
import { ListPage } from '~/ui/list/ListPage';
import { useList } from '~/ui/list/useList';
import { Page } from '~/ui/page';
import { listQuery, usePage } from '~/ui/useResource';
import { CaseBadges } from './case-bits';
import { type CaseRecord, stages } from './types';

export default function CaseList() {
  const { t } = useTranslation();
  const control = useList();
  const regions = useRegions();
  const query = usePage<CaseRecord>('/cases', listQuery(control));
  const columns: Column<CaseRecord>[] = [
    {
      id: 'head',
      header: t('cases.family'),
      lead: true,
      cell: (row) => row.head_name || t('cases.unnamed'),
    },
    { id: 'stage', header: t('cases.stage'), cell: (row) => <CaseBadges record={row} /> },
    { id: 'lead', header: t('cases.duty.lead'), cell: (row) => row.lead_name ?? t('cases.unled') },
    {
      id: 'visit',
      header: t('cases.next_visit'),
      cell: (row) => formatDate(row.next_visit_date) || '–',
    },
    {
      id: 'action',
      header: t('cases.next_action'),
      cell: (row) => formatDate(row.next_action_date) || '–',
      extra: true,
    },
    { id: 'weight', header: t('cases.weight'), cell: (row) => row.weight, extra: true },
    { id: 'region', header: t('problems.region'), cell: (row) => regions.full(row.region_code) },
    { id: 'opened', header: t('cases.opened'), cell: (row) => formatInstant(row.opened_at) },
  ];
  const yes = [{ value: 'true', label: t('ui.yes') }];
  return (
    <Page title={t('cases.title')} lead={t('cases.lead')}>
      <ListPage<CaseRecord>
        id="cases"
        caption={t('cases.title')}
        control={control}
        query={query}
        columns={columns}
        rowKey={(row) => row.id}
        href={(row) => `/cases/${row.id}`}
        filters={
          <>
            <FilterSelect
              label={t('cases.stage')}
              value={control.search.stage}
              options={[...stages, 'suspended', 'transferred'].map((value) => ({
                value,
                label: word('case_stage', value),
              }))}
              onChange={(value) => control.setFilter('stage', value)}
            />
            <FilterSelect
              label={t('cases.mine')}
              width={130}
              value={control.search.mine}
              options={yes}
              onChange={(value) => control.setFilter('mine', value)}
            />
            <FilterSelect
              label={t('cases.unled')}
              width={150}
              value={control.search.unassigned}
              options={yes}
              onChange={(value) => control.setFilter('unassigned', value)}
            />
            <FilterSelect
              label={t('cases.emergency')}
              width={130}
              value={control.search.emergency}
              options={yes}
              onChange={(value) => control.setFilter('emergency', value)}
            />
          </>
        }
        chip={(name, value) =>
          name === 'stage'
            ? word('case_stage', value)
            : name === 'mine'
              ? t('cases.mine')
              : name === 'unassigned'
                ? t('cases.unled')
                : t('cases.emergency')
        }
        empty={{ title: t('cases.empty'), why: t('cases.empty_why') }}
      />
    </Page>
  );
}

export function Status({ value }: { value: string }) {
  return <StatusBadge group="case_stage" value={value} />;
}
