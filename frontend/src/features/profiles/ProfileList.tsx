// Every version of every layout of files; the newest active one of a name reads what is uploaded.
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { useLanguage, word } from '~/i18n';
import { StatusBadge } from '~/ui/Badge';
import { FilterSelect } from '~/ui/fields';
import { formatInstant, formatNumber } from '~/ui/format';
import type { Column } from '~/ui/list/DataTable';
import { ListPage } from '~/ui/list/ListPage';
import { useList } from '~/ui/list/useList';
import { Page } from '~/ui/page';
import { listQuery, usePage } from '~/ui/useResource';
import { ProfileTabs } from './ProfileTabs';
import type { ImportProfile } from './types';

const statuses = ['draft', 'active', 'retired'];

export default function ProfileList() {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const account = useAccount();
  const control = useList();
  const query = usePage<ImportProfile>('/import-profiles', listQuery(control));
  const columns: Column<ImportProfile>[] = [
    { id: 'label', header: t('profiles.label'), lead: true, cell: (row) => name(row.label) },
    { id: 'name', header: t('profiles.name'), cell: (row) => row.name },
    {
      id: 'edition',
      header: t('profiles.edition'),
      numeric: true,
      cell: (row) => formatNumber(row.profile_version),
    },
    {
      id: 'status',
      header: t('ui.status'),
      cell: (row) => <StatusBadge group="profile_status" value={row.status} />,
    },
    {
      id: 'origin',
      header: t('profiles.origin'),
      cell: (row) => word('profile_origin', row.origin),
    },
    {
      id: 'activated',
      header: t('profiles.since'),
      cell: (row) => formatInstant(row.activated_at),
    },
  ];
  return (
    <Page
      title={t('places.import_profiles')}
      lead={t('profiles.lead')}
      actions={
        hasRole(account, 'admin') && (
          <Button
            component={Link}
            to="/import-profiles/new"
            leftSection={<IconPlus size={18} aria-hidden="true" />}
          >
            {t('profiles.new')}
          </Button>
        )
      }
    >
      <ProfileTabs at="files" />
      <ListPage<ImportProfile>
        id="import_profiles"
        caption={t('places.import_profiles')}
        control={control}
        query={query}
        columns={columns}
        rowKey={(row) => row.id}
        href={(row) => `/import-profiles/${row.id}`}
        filters={
          <FilterSelect
            label={t('ui.status')}
            value={control.search.status}
            options={statuses.map((value) => ({ value, label: word('profile_status', value) }))}
            onChange={(value) => control.setFilter('status', value)}
          />
        }
        chip={(_, value) => word('profile_status', value)}
        empty={{ title: t('profiles.none'), why: t('profiles.lead') }}
      />
    </Page>
  );
}
