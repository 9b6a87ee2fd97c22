// Corrections of the area, those that wait first in mind: each opens on its household's page.
import { useTranslation } from 'react-i18next';
import type { Correction } from '~/api/types';
import { word } from '~/i18n';
import { StatusBadge } from '~/ui/Badge';
import { FilterSelect } from '~/ui/fields';
import { formatInstant } from '~/ui/format';
import type { Column } from '~/ui/list/DataTable';
import { ListPage } from '~/ui/list/ListPage';
import { useList } from '~/ui/list/useList';
import { Page } from '~/ui/page';
import { listQuery, usePage } from '~/ui/useResource';
import { useFactText } from './fact-text';

const statuses = ['submitted', 'accepted', 'rejected', 'withdrawn'];

export default function CorrectionList() {
  const { t } = useTranslation();
  const control = useList();
  const say = useFactText();
  const query = usePage<Correction>('/corrections', listQuery(control));
  const columns: Column<Correction>[] = [
    {
      id: 'subject',
      header: t('problems.subject'),
      lead: true,
      cell: (row) => row.subject_name || t('problems.subject_household'),
    },
    {
      id: 'fact',
      header: t('corrections.fact'),
      cell: (row) => word('correction_fact', row.fact),
    },
    {
      id: 'recorded',
      header: t('corrections.recorded'),
      cell: (row) => say(row.fact, row.recorded_value),
    },
    {
      id: 'claimed',
      header: t('corrections.claimed'),
      cell: (row) => say(row.fact, row.claimed_value),
    },
    {
      id: 'status',
      header: t('ui.status'),
      cell: (row) => <StatusBadge group="correction_status" value={row.status} />,
    },
    {
      id: 'submitted',
      header: t('corrections.submitted'),
      cell: (row) => formatInstant(row.submitted_at),
    },
  ];
  return (
    <Page title={t('places.corrections')} lead={t('corrections.lead')}>
      <ListPage<Correction>
        id="corrections"
        caption={t('places.corrections')}
        control={control}
        query={query}
        columns={columns}
        rowKey={(row) => row.id}
        href={(row) => `/households/${row.household_id}`}
        filters={
          <FilterSelect
            label={t('ui.status')}
            value={control.search.status}
            options={statuses.map((value) => ({
              value,
              label: word('correction_status', value),
            }))}
            onChange={(value) => control.setFilter('status', value)}
          />
        }
        chip={(_, value) => word('correction_status', value)}
        empty={{ title: t('corrections.none'), why: t('corrections.none_why') }}
      />
    </Page>
  );
}
