// Deliveries of all referrals one may see: what is due to be given, and what somebody must look at first.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCodes, useProgramNames, useRegions } from '~/api/reference';
import { word } from '~/i18n';
import { StatusBadge } from '~/ui/Badge';
import { FilterSelect } from '~/ui/fields';
import { formatDate, formatMoney } from '~/ui/format';
import type { Column } from '~/ui/list/DataTable';
import { ListPage } from '~/ui/list/ListPage';
import { useList } from '~/ui/list/useList';
import { Page } from '~/ui/page';
import { listQuery, usePage } from '~/ui/useResource';
import { type Delivery, deliveryStatuses } from './delivery-types';
import './referrals.css';

export default function DeliveryList() {
  const { t } = useTranslation();
  const control = useList();
  const regions = useRegions();
  const channels = useCodes('delivery_channels');
  const query = usePage<Delivery>('/deliveries', listQuery(control));
  const programs = useProgramNames((query.data?.data ?? []).map((row) => row.program_id));
  const { search } = control;
  const columns: Column<Delivery>[] = [
    {
      id: 'planned_on',
      header: t('delivery.planned_on'),
      lead: true,
      cell: (row) => formatDate(row.planned_on),
    },
    { id: 'program', header: t('referrals.program'), cell: (row) => programs(row.program_id) },
    {
      id: 'payee',
      header: t('delivery.payee'),
      cell: (row) => row.payee_name ?? row.subject_name ?? '–',
    },
    { id: 'region', header: t('board.region'), cell: (row) => regions.full(row.region_code) },
    { id: 'channel', header: t('delivery.channel'), cell: (row) => channels.name(row.channel) },
    {
      id: 'amount',
      header: t('delivery.amount'),
      numeric: true,
      cell: (row) => formatMoney(row.amount_idr),
    },
    {
      id: 'status',
      header: t('ui.status'),
      cell: (row) => (
        <>
          <StatusBadge group="delivery_status" value={row.status} />
          {row.attention && (
            <span className="late"> {word('delivery_attention', row.attention)}</span>
          )}
        </>
      ),
    },
  ];
  return (
    <Page
      title={t('delivery.list')}
      lead={t('delivery.list_lead')}
      actions={
        <Link to="/referrals" className="record-back">
          {t('board.to_all')}
        </Link>
      }
    >
      <ListPage<Delivery>
        id="deliveries"
        caption={t('delivery.list')}
        control={control}
        query={query}
        columns={columns}
        rowKey={(row) => row.id}
        href={(row) => `/referrals/${row.referral_id}`}
        filters={
          <>
            <FilterSelect
              label={t('ui.status')}
              value={search.status}
              options={deliveryStatuses.map((value) => ({
                value,
                label: word('delivery_status', value),
              }))}
              onChange={(value) => control.setFilter('status', value)}
            />
            <FilterSelect
              label={t('delivery.attention')}
              value={search.attention}
              options={[{ value: 'true', label: t('delivery.attention_only') }]}
              onChange={(value) => control.setFilter('attention', value)}
            />
          </>
        }
        chip={(filter, value) =>
          filter === 'status' ? word('delivery_status', value) : t('delivery.attention_only')
        }
        empty={{ title: t('delivery.empty'), why: t('delivery.empty_why') }}
      />
    </Page>
  );
}
