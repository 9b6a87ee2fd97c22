// Machine clients: other systems that read or write through the API, each with its own scopes.
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useOrganizations } from '~/api/reference';
import type { ClientView } from '~/api/types';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { StatusBadge } from '~/ui/Badge';
import { formatInstant } from '~/ui/format';
import type { Column } from '~/ui/list/DataTable';
import { ListPage } from '~/ui/list/ListPage';
import { useList } from '~/ui/list/useList';
import { Page } from '~/ui/page';
import { listQuery, usePage } from '~/ui/useResource';
import { NewClient } from './NewClient';

export default function ClientList() {
  const { t } = useTranslation();
  const account = useAccount();
  const organizations = useOrganizations();
  const control = useList();
  const [adding, setAdding] = useState(false);
  const query = usePage<ClientView>('/clients', listQuery(control));
  const columns: Column<ClientView>[] = [
    { id: 'name', header: t('clients.name'), lead: true, cell: (row) => row.name },
    {
      id: 'organization',
      header: t('clients.organization'),
      cell: (row) =>
        row.organization_id ? organizations.name(row.organization_id) : t('clients.city'),
    },
    {
      id: 'scopes',
      header: t('clients.scopes'),
      cell: (row) => <span className="sp-mono small">{row.scopes.join(', ') || '–'}</span>,
    },
    {
      id: 'status',
      header: t('ui.status'),
      cell: (row) => <StatusBadge group="account_status" value={row.status} />,
    },
    { id: 'updated', header: t('ui.updated'), cell: (row) => formatInstant(row.updated_at) },
  ];
  const add = hasRole(account, 'admin') && (
    <Button leftSection={<IconPlus size={18} aria-hidden="true" />} onClick={() => setAdding(true)}>
      {t('clients.new')}
    </Button>
  );
  return (
    <Page title={t('clients.title')} lead={t('clients.lead')} actions={add}>
      <ListPage<ClientView>
        id="clients"
        caption={t('clients.title')}
        control={control}
        query={query}
        columns={columns}
        rowKey={(row) => row.id}
        href={(row) => `/clients/${row.id}`}
        empty={{ title: t('clients.empty'), why: t('clients.empty_why') }}
      />
      {adding && <NewClient close={() => setAdding(false)} />}
    </Page>
  );
}
