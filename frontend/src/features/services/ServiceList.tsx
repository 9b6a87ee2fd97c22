import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCodes, useRegions } from '~/api/reference';
import { useAccount } from '~/app/account';
import { placesFor } from '~/app/roles';
import { word } from '~/i18n';
import { StatusBadge } from '~/ui/Badge';
import { FilterSelect } from '~/ui/fields';
import { formatInstant } from '~/ui/format';
import type { Column } from '~/ui/list/DataTable';
import { ListPage } from '~/ui/list/ListPage';
import { useList } from '~/ui/list/useList';
import { Page } from '~/ui/page';
import { listQuery, usePage } from '~/ui/useResource';
import { RequestDue } from './service-bits';
import type { ServiceRequest } from './types';

const statuses = ['received', 'handled', 'approved', 'issued', 'returned', 'cancelled', 'rejected'];

export default function ServiceList() {
  const { t } = useTranslation();
  const control = useList();
  const account = useAccount();
  const services = useCodes('services');
  const regions = useRegions();
  const query = usePage<ServiceRequest>('/service-requests', listQuery(control));
  const columns: Column<ServiceRequest>[] = [
    {
      id: 'service',
      header: t('services.service'),
      lead: true,
      cell: (row) => services.name(row.service_code),
    },
    {
      id: 'subject',
      header: t('problems.subject'),
      cell: (row) => row.subject_name || t('problems.subject_household'),
    },
    {
      id: 'status',
      header: t('ui.status'),
      cell: (row) => <StatusBadge group="service_status" value={row.status} />,
    },
    { id: 'due', header: t('problems.due'), cell: (row) => <RequestDue request={row} /> },
    { id: 'number', header: t('services.number'), cell: (row) => row.letter_number ?? '–' },
    { id: 'region', header: t('problems.region'), cell: (row) => regions.full(row.region_code) },
    {
      id: 'received',
      header: t('services.received'),
      cell: (row) => formatInstant(row.received_at),
    },
  ];
  return (
    <Page
      title={t('places.services')}
      lead={t('services.lead')}
      actions={
        placesFor(account).includes('intake') && (
          <Button
            component={Link}
            to="/intake"
            leftSection={<IconPlus size={18} aria-hidden="true" />}
          >
            {t('places.intake')}
          </Button>
        )
      }
    >
      <ListPage<ServiceRequest>
        id="service_requests"
        caption={t('places.services')}
        control={control}
        query={query}
        columns={columns}
        rowKey={(row) => row.id}
        href={(row) => `/service-requests/${row.id}`}
        filters={
          <>
            <FilterSelect
              label={t('ui.status')}
              value={control.search.status}
              options={statuses.map((value) => ({ value, label: word('service_status', value) }))}
              onChange={(value) => control.setFilter('status', value)}
            />
            <FilterSelect
              label={t('services.service')}
              width={260}
              value={control.search.service_code}
              options={services.options}
              onChange={(value) => control.setFilter('service_code', value)}
            />
            <FilterSelect
              label={t('problems.due')}
              width={150}
              value={control.search.overdue}
              options={[{ value: 'true', label: t('problems.overdue') }]}
              onChange={(value) => control.setFilter('overdue', value)}
            />
          </>
        }
        chip={(name, value) =>
          name === 'status'
            ? word('service_status', value)
            : name === 'overdue'
              ? t('problems.overdue')
              : services.name(value)
        }
        empty={{ title: t('services.empty'), why: t('services.empty_why') }}
      />
    </Page>
  );
}
