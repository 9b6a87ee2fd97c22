import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { ImportRun } from '~/api/types';
import { word } from '~/i18n';
import { StatusBadge } from '~/ui/Badge';
import { FilterSelect } from '~/ui/fields';
import { formatInstant, formatNumber, formatPeriod } from '~/ui/format';
import type { Column } from '~/ui/list/DataTable';
import { ListPage } from '~/ui/list/ListPage';
import { useList } from '~/ui/list/useList';
import { Page } from '~/ui/page';
import { listQuery, usePage } from '~/ui/useResource';

const statuses = ['staging', 'validated', 'reviewed', 'applying', 'applied', 'failed', 'cancelled'];

export default function ImportList() {
  const { t } = useTranslation();
  const control = useList();
  const query = usePage<ImportRun>('/imports', listQuery(control));
  const columns: Column<ImportRun>[] = [
    {
      id: 'profile',
      header: t('imports.profile'),
      lead: true,
      cell: (row) => word('import_profile', row.profile),
    },
    { id: 'period', header: t('imports.period'), cell: (row) => formatPeriod(row.period) },
    {
      id: 'status',
      header: t('ui.status'),
      cell: (row) => <StatusBadge group="import_status" value={row.status} />,
    },
    {
      id: 'rows',
      header: t('imports.rows'),
      numeric: true,
      cell: (row) => formatNumber(row.counts.rows ?? null),
    },
    {
      id: 'rejected',
      header: t('imports.rejected'),
      numeric: true,
      cell: (row) => formatNumber(row.counts.rejected ?? null),
    },
    { id: 'created', header: t('imports.started'), cell: (row) => formatInstant(row.created_at) },
  ];
  return (
    <Page
      title={t('imports.title')}
      lead={t('imports.lead')}
      actions={
        <Button
          component={Link}
          to="/imports/new"
          leftSection={<IconPlus size={18} aria-hidden="true" />}
        >
          {t('imports.new')}
        </Button>
      }
    >
      <ListPage<ImportRun>
        id="imports"
        caption={t('imports.title')}
        control={control}
        query={query}
        columns={columns}
        rowKey={(row) => row.id}
        href={(row) => `/imports/${row.id}`}
        filters={
          <FilterSelect
            label={t('ui.status')}
            value={control.search.status}
            options={statuses.map((value) => ({ value, label: word('import_status', value) }))}
            onChange={(value) => control.setFilter('status', value)}
          />
        }
        chip={(_name, value) => word('import_status', value)}
        empty={{
          title: t('imports.empty'),
          why: t('imports.empty_why'),
          action: (
            <Button component={Link} to="/imports/new" variant="default">
              {t('imports.new')}
            </Button>
          ),
        }}
      />
    </Page>
  );
}
