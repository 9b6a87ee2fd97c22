// Every version of every service's text of letters; one of each service is in force.
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCodes } from '~/api/reference';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { StatusBadge } from '~/ui/Badge';
import { FilterSelect } from '~/ui/fields';
import { formatInstant, formatNumber } from '~/ui/format';
import type { Column } from '~/ui/list/DataTable';
import { ListPage } from '~/ui/list/ListPage';
import { useList } from '~/ui/list/useList';
import { Page } from '~/ui/page';
import { listQuery, usePage } from '~/ui/useResource';
import { TemplateEditor } from './TemplateEditor';
import type { LetterTemplate } from './types';

export default function TemplateList() {
  const { t } = useTranslation();
  const account = useAccount();
  const control = useList();
  const services = useCodes('services');
  const [writing, setWriting] = useState(false);
  const query = usePage<LetterTemplate>('/letter-templates', listQuery(control));
  const columns: Column<LetterTemplate>[] = [
    {
      id: 'service',
      header: t('templates.service'),
      lead: true,
      cell: (row) => services.name(row.service_code),
    },
    {
      id: 'edition',
      header: t('templates.edition'),
      numeric: true,
      cell: (row) => formatNumber(row.edition),
    },
    { id: 'title', header: t('templates.heading'), cell: (row) => row.title },
    {
      id: 'status',
      header: t('ui.status'),
      cell: (row) => <StatusBadge group="template_status" value={row.status} />,
    },
    {
      id: 'author',
      header: t('templates.author'),
      cell: (row) => row.created_by_name ?? t('templates.shipped'),
    },
    {
      id: 'activated',
      header: t('templates.activated'),
      cell: (row) => formatInstant(row.activated_at),
    },
  ];
  if (writing) {
    return (
      <Page title={t('templates.write')} lead={t('templates.write_lead')}>
        <TemplateEditor close={() => setWriting(false)} />
      </Page>
    );
  }
  return (
    <Page
      title={t('places.templates')}
      lead={t('templates.lead')}
      actions={
        hasRole(account, 'admin', 'coordinator') && (
          <Button
            leftSection={<IconPlus size={18} aria-hidden="true" />}
            onClick={() => setWriting(true)}
          >
            {t('templates.write')}
          </Button>
        )
      }
    >
      <ListPage<LetterTemplate>
        id="letter_templates"
        caption={t('places.templates')}
        control={control}
        query={query}
        columns={columns}
        rowKey={(row) => row.id}
        href={(row) => `/letter-templates/${row.id}`}
        filters={
          <FilterSelect
            label={t('templates.service')}
            width={260}
            value={control.search.service_code}
            options={services.options}
            onChange={(value) => control.setFilter('service_code', value)}
          />
        }
        chip={(_, value) => services.name(value)}
        empty={{ title: t('templates.none'), why: t('templates.none_why') }}
      />
    </Page>
  );
}
