// Plans for dividing seats and money, and the way to make one or hold two against each other.
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { word } from '~/i18n';
import { StatusBadge } from '~/ui/Badge';
import { FilterSelect } from '~/ui/fields';
import { formatInstant, formatMoney } from '~/ui/format';
import type { Column } from '~/ui/list/DataTable';
import { ListPage } from '~/ui/list/ListPage';
import { useList } from '~/ui/list/useList';
import { MatchingTabs } from '~/ui/MatchingTabs';
import { Page } from '~/ui/page';
import { listQuery, usePage } from '~/ui/useResource';
import { Proof, Reach } from './alloc-bits';
import { type Plan, policies, statuses } from './types';
import './allocations.css';

export default function AllocationList() {
  const { t } = useTranslation();
  const runs = hasRole(useAccount(), 'coordinator');
  const control = useList();
  const query = usePage<Plan>('/allocation-plans', listQuery(control));
  const make = runs && (
    <Button
      component={Link}
      to="/allocation-plans/new"
      leftSection={<IconPlus size={18} aria-hidden="true" />}
    >
      {t('alloc.new')}
    </Button>
  );
  const columns: Column<Plan>[] = [
    { id: 'name', header: t('alloc.name'), lead: true, cell: (row) => row.name },
    {
      id: 'status',
      header: t('ui.status'),
      cell: (row) => (
        <span className="row">
          <StatusBadge group="alloc_status" value={row.status} />
          {row.what_if && <span className="badge badge-plain">{t('alloc.what_if')}</span>}
        </span>
      ),
    },
    {
      id: 'policy',
      header: t('alloc.policy'),
      cell: (row) => word('alloc_policy', row.policy),
    },
    { id: 'reach', header: t('alloc.served'), cell: (row) => <Reach plan={row} /> },
    {
      id: 'money',
      header: t('alloc.money'),
      numeric: true,
      cell: (row) => <span className="nowrap">{formatMoney(row.counts?.amount_idr ?? null)}</span>,
    },
    {
      id: 'proof',
      header: t('alloc.proof'),
      extra: true,
      cell: (row) =>
        row.gap === null ? '–' : <Proof gap={row.gap} complete={row.complete ?? true} />,
    },
    { id: 'made', header: t('alloc.made'), cell: (row) => formatInstant(row.created_at) },
  ];
  return (
    <Page
      title={t('alloc.title')}
      lead={t('alloc.lead_list')}
      actions={
        <>
          <Button component={Link} to="/allocation-plans/compare" variant="default">
            {t('alloc.compare')}
          </Button>
          {make}
        </>
      }
    >
      <MatchingTabs at="allocation" />
      <ListPage<Plan>
        id="allocation-plans"
        caption={t('alloc.title')}
        control={control}
        query={query}
        columns={columns}
        rowKey={(row) => row.id}
        href={(row) => `/allocation-plans/${row.id}`}
        filters={
          <>
            <FilterSelect
              label={t('ui.status')}
              value={control.search.status}
              options={statuses.map((value) => ({ value, label: word('alloc_status', value) }))}
              onChange={(value) => control.setFilter('status', value)}
            />
            <FilterSelect
              label={t('alloc.policy')}
              width={230}
              value={control.search.policy}
              options={policies.map((value) => ({ value, label: word('alloc_policy', value) }))}
              onChange={(value) => control.setFilter('policy', value)}
            />
          </>
        }
        chip={(filter, value) => word(filter === 'status' ? 'alloc_status' : 'alloc_policy', value)}
        empty={{ title: t('alloc.none'), why: t('alloc.none_why'), action: make }}
      />
    </Page>
  );
}
