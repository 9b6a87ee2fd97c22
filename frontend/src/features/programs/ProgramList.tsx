import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCodes, useOrganizations } from '~/api/reference';
import type { Program } from '~/api/types';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { useLanguage, word } from '~/i18n';
import { StatusBadge } from '~/ui/Badge';
import { FilterSelect } from '~/ui/fields';
import { formatMoney } from '~/ui/format';
import type { Column } from '~/ui/list/DataTable';
import { ListPage } from '~/ui/list/ListPage';
import { useList } from '~/ui/list/useList';
import { Page } from '~/ui/page';
import { listQuery, usePage } from '~/ui/useResource';

const statuses = ['draft', 'submitted', 'published', 'suspended', 'closed'];

export default function ProgramList() {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const account = useAccount();
  const control = useList();
  const organizations = useOrganizations();
  const needs = useCodes('needs');
  const kinds = useCodes('benefit_kinds');
  const pillars = useCodes('pillars');
  const query = usePage<Program>('/programs', listQuery(control));
  const columns: Column<Program>[] = [
    { id: 'name', header: t('programs.title'), lead: true, cell: (row) => name(row.name) },
    {
      id: 'organization',
      header: t('programs.organization'),
      cell: (row) => row.organization_name ?? organizations.name(row.organization_id),
    },
    {
      id: 'needs',
      header: t('programs.needs'),
      cell: (row) => row.needs.map((need) => needs.name(need)).join(', '),
    },
    { id: 'kind', header: t('programs.benefit'), cell: (row) => kinds.name(row.benefit.kind) },
    {
      id: 'value',
      header: t('programs.value_short'),
      numeric: true,
      cell: (row) => <span className="nowrap">{formatMoney(row.benefit.value_idr)}</span>,
    },
    {
      id: 'pillar',
      header: t('programs.pillar'),
      cell: (row) => pillars.name(row.pillar),
      extra: true,
    },
    { id: 'code', header: t('programs.code'), cell: (row) => row.code, extra: true },
    {
      id: 'status',
      header: t('ui.status'),
      cell: (row) => <StatusBadge group="program_status" value={row.status} />,
    },
  ];
  return (
    <Page
      title={t('programs.title')}
      lead={t('programs.lead')}
      actions={
        hasRole(account, 'coordinator', 'agency_officer', 'partner') && (
          <Button
            component={Link}
            to="/programs/new"
            leftSection={<IconPlus size={18} aria-hidden="true" />}
          >
            {t('programs.new')}
          </Button>
        )
      }
    >
      <ListPage<Program>
        id="programs"
        caption={t('programs.title')}
        control={control}
        query={query}
        columns={columns}
        rowKey={(row) => row.id}
        href={(row) => `/programs/${row.id}`}
        filters={
          <>
            <FilterSelect
              label={t('programs.needs')}
              value={control.search.need}
              options={needs.options}
              onChange={(value) => control.setFilter('need', value)}
            />
            <FilterSelect
              label={t('programs.pillar')}
              value={control.search.pillar}
              options={pillars.options}
              onChange={(value) => control.setFilter('pillar', value)}
            />
            <FilterSelect
              label={t('ui.status')}
              width={150}
              value={control.search.status}
              options={statuses.map((value) => ({ value, label: word('program_status', value) }))}
              onChange={(value) => control.setFilter('status', value)}
            />
          </>
        }
        chip={(filter, value) =>
          filter === 'need'
            ? needs.name(value)
            : filter === 'pillar'
              ? pillars.name(value)
              : word('program_status', value)
        }
        empty={{ title: t('programs.empty'), why: t('programs.empty_why') }}
      />
    </Page>
  );
}
