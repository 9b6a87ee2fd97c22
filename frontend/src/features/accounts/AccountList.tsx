import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccountView } from '~/api/types';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { word } from '~/i18n';
import { StatusBadge } from '~/ui/Badge';
import { FilterSelect } from '~/ui/fields';
import { formatInstant } from '~/ui/format';
import type { Column } from '~/ui/list/DataTable';
import { ListPage } from '~/ui/list/ListPage';
import { useList } from '~/ui/list/useList';
import { Page } from '~/ui/page';
import { listQuery, usePage } from '~/ui/useResource';
import { NewAccount } from './NewAccount';

export default function AccountList() {
  const { t } = useTranslation();
  const account = useAccount();
  const control = useList();
  const [adding, setAdding] = useState(false);
  const query = usePage<AccountView>('/accounts', listQuery(control));
  const columns: Column<AccountView>[] = [
    { id: 'name', header: t('accounts.display_name'), lead: true, cell: (row) => row.display_name },
    { id: 'username', header: t('accounts.username'), cell: (row) => row.username },
    {
      id: 'roles',
      header: t('accounts.role'),
      cell: (row) =>
        [...new Set((row.grants ?? []).map((grant) => word('role', grant.role)))].join(', ') || '–',
    },
    {
      id: 'status',
      header: t('ui.status'),
      cell: (row) => <StatusBadge group="account_status" value={row.status} />,
    },
    {
      id: 'totp',
      header: t('accounts.totp'),
      cell: (row) => t(row.totp_enabled ? 'ui.yes' : 'ui.no'),
    },
    { id: 'updated', header: t('ui.updated'), cell: (row) => formatInstant(row.updated_at) },
  ];
  return (
    <Page
      title={t('accounts.title')}
      lead={t('accounts.lead')}
      actions={
        hasRole(account, 'admin') && (
          <Button
            leftSection={<IconPlus size={18} aria-hidden="true" />}
            onClick={() => setAdding(true)}
          >
            {t('accounts.new')}
          </Button>
        )
      }
    >
      <ListPage<AccountView>
        id="accounts"
        caption={t('accounts.title')}
        control={control}
        query={query}
        columns={columns}
        rowKey={(row) => row.id}
        href={(row) => `/accounts/${row.id}`}
        filters={
          <FilterSelect
            label={t('ui.status')}
            value={control.search.status}
            options={['active', 'disabled'].map((value) => ({
              value,
              label: word('account_status', value),
            }))}
            onChange={(value) => control.setFilter('status', value)}
          />
        }
        chip={(_name, value) => word('account_status', value)}
        empty={{ title: t('accounts.empty') }}
      />
      {adding && <NewAccount close={() => setAdding(false)} />}
    </Page>
  );
}
