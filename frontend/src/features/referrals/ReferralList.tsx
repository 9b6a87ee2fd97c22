import { Tabs } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useCodes } from '~/api/reference';
import type { Referral } from '~/api/types';
import { useLanguage, word } from '~/i18n';
import { StatusBadge } from '~/ui/Badge';
import { FilterSelect } from '~/ui/fields';
import { formatInstant, formatMoney } from '~/ui/format';
import type { Column } from '~/ui/list/DataTable';
import { ListPage } from '~/ui/list/ListPage';
import { useList } from '~/ui/list/useList';
import { Page } from '~/ui/page';
import { listQuery, usePage } from '~/ui/useResource';
import { Due } from './referral-bits';

const statuses = [
  'draft',
  'sent',
  'accepted',
  'returned',
  'scheduled',
  'in_service',
  'completed',
  'declined',
  'expired',
  'cancelled',
];

export const referralFilters = ['status'];

export default function ReferralList() {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const control = useList();
  const needs = useCodes('needs');
  const query = usePage<Referral>('/referrals', listQuery(control));
  const columns: Column<Referral>[] = [
    {
      id: 'program',
      header: t('referrals.program'),
      lead: true,
      cell: (row) => name(row.program_name),
    },
    { id: 'subject', header: t('referrals.subject'), cell: (row) => row.subject_name || '–' },
    {
      id: 'need',
      header: t('referrals.need'),
      cell: (row) => needs.name(row.need_code),
      extra: true,
    },
    {
      id: 'to',
      header: t('referrals.to'),
      cell: (row) => row.to_organization_name,
    },
    {
      id: 'status',
      header: t('ui.status'),
      cell: (row) => <StatusBadge group="referral_status" value={row.status} />,
    },
    { id: 'due', header: t('referrals.due'), cell: (row) => <Due referral={row} /> },
    {
      id: 'amount',
      header: t('referrals.amount'),
      numeric: true,
      cell: (row) => formatMoney(row.amount_idr),
    },
    {
      id: 'updated',
      header: t('ui.updated'),
      cell: (row) => formatInstant(row.updated_at),
      extra: true,
    },
  ];
  const status = control.search.status;
  const tab = status === 'sent' ? 'inbox' : status === 'accepted' ? 'running' : status ? '' : 'all';
  return (
    <Page title={t('referrals.title')} lead={t('referrals.lead')}>
      <Tabs
        value={tab}
        onChange={(next) =>
          control.setFilter(
            'status',
            next === 'inbox' ? 'sent' : next === 'running' ? 'accepted' : undefined,
          )
        }
      >
        <Tabs.List aria-label={t('referrals.views')}>
          <Tabs.Tab value="all" aria-controls="referral-list">
            {t('referrals.all')}
          </Tabs.Tab>
          <Tabs.Tab value="inbox" aria-controls="referral-list">
            {t('referrals.inbox')}
          </Tabs.Tab>
          <Tabs.Tab value="running" aria-controls="referral-list">
            {t('referrals.running')}
          </Tabs.Tab>
        </Tabs.List>
      </Tabs>
      <div id="referral-list">
        <ListPage<Referral>
          id="referrals"
          caption={t('referrals.title')}
          control={control}
          query={query}
          columns={columns}
          rowKey={(row) => row.id}
          href={(row) => `/referrals/${row.id}`}
          filters={
            <FilterSelect
              label={t('ui.status')}
              value={status}
              options={statuses.map((value) => ({ value, label: word('referral_status', value) }))}
              onChange={(value) => control.setFilter('status', value)}
            />
          }
          chip={(_name, value) => word('referral_status', value)}
          empty={{ title: t('referrals.empty'), why: t('referrals.empty_why') }}
        />
      </div>
    </Page>
  );
}
