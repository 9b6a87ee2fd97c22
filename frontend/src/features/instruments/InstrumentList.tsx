import { useTranslation } from 'react-i18next';
import type { Instrument } from '~/api/forms';
import { useLanguage, word } from '~/i18n';
import { StatusBadge } from '~/ui/Badge';
import { FilterSelect } from '~/ui/fields';
import { formatInstant, formatNumber } from '~/ui/format';
import type { Column } from '~/ui/list/DataTable';
import { ListPage } from '~/ui/list/ListPage';
import { useList } from '~/ui/list/useList';
import { Page } from '~/ui/page';
import { listQuery, usePage } from '~/ui/useResource';

const statuses = ['draft', 'active', 'retired'];

export default function InstrumentList() {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const control = useList();
  const query = usePage<Instrument>('/instruments', listQuery(control));
  const columns: Column<Instrument>[] = [
    { id: 'name', header: t('instruments.name'), lead: true, cell: (row) => name(row.name) },
    { id: 'code', header: t('instruments.code'), cell: (row) => row.code },
    {
      id: 'revision',
      header: t('instruments.revision'),
      numeric: true,
      cell: (row) => formatNumber(row.revision),
    },
    {
      id: 'status',
      header: t('ui.status'),
      cell: (row) => <StatusBadge group="instrument_status" value={row.status} />,
    },
    {
      id: 'subject',
      header: t('instruments.subject'),
      cell: (row) => word('instrument_subject', row.subject_kind),
    },
    { id: 'source', header: t('instruments.source'), cell: (row) => row.source ?? '–' },
    {
      id: 'activated',
      header: t('instruments.activated'),
      cell: (row) => formatInstant(row.activated_at),
    },
  ];
  return (
    <Page title={t('instruments.title')} lead={t('instruments.lead')}>
      <ListPage<Instrument>
        id="instruments"
        caption={t('instruments.title')}
        control={control}
        query={query}
        columns={columns}
        rowKey={(row) => row.id}
        href={(row) => `/instruments/${row.id}`}
        filters={
          <FilterSelect
            label={t('ui.status')}
            value={control.search.status}
            options={statuses.map((value) => ({ value, label: word('instrument_status', value) }))}
            onChange={(value) => control.setFilter('status', value)}
          />
        }
        chip={(_name, value) => word('instrument_status', value)}
        empty={{ title: t('instruments.empty'), why: t('instruments.empty_why') }}
      />
    </Page>
  );
}
