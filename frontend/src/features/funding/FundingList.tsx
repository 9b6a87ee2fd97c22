import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCodes, useOrganizations } from '~/api/reference';
import type { FundingSource } from '~/api/types';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { FilterSelect } from '~/ui/fields';
import type { Column } from '~/ui/list/DataTable';
import { ListPage } from '~/ui/list/ListPage';
import { useList } from '~/ui/list/useList';
import { Page } from '~/ui/page';
import { listQuery, usePage } from '~/ui/useResource';
import { BalanceBar, formatAmount } from './money-bits';
import { NewSource } from './NewSource';
import './funding.css';

export default function FundingList() {
  const { t } = useTranslation();
  const account = useAccount();
  const control = useList();
  const kinds = useCodes('funding_kinds');
  const organizations = useOrganizations();
  const [adding, setAdding] = useState(false);
  const query = usePage<FundingSource>('/funding-sources', listQuery(control));
  const money = (id: 'available' | 'allotted' | 'disbursed'): Column<FundingSource> => ({
    id,
    header: t(`bucket.${id}`),
    numeric: true,
    cell: (row) => <span className="nowrap">{formatAmount(row.balance[id], row.unit)}</span>,
  });
  const columns: Column<FundingSource>[] = [
    { id: 'name', header: t('funding.name'), lead: true, cell: (row) => row.name },
    { id: 'kind', header: t('funding.kind'), cell: (row) => kinds.name(row.kind) },
    {
      id: 'owner',
      header: t('funding.owner'),
      cell: (row) => row.organization_name ?? organizations.name(row.organization_id),
    },
    { id: 'year', header: t('funding.year'), numeric: true, cell: (row) => row.fiscal_year },
    {
      id: 'bar',
      header: t('money.bar'),
      cell: (row) => <BalanceBar balance={row.balance} small />,
    },
    money('available'),
    { ...money('allotted'), extra: true },
    money('disbursed'),
    { id: 'code', header: t('funding.code'), cell: (row) => row.code, extra: true },
  ];
  return (
    <Page
      title={t('funding.title')}
      lead={t('funding.lead')}
      actions={
        hasRole(account, 'coordinator', 'partner') && (
          <>
            {hasRole(account, 'partner') && (
              <Button component={Link} to="/pledges" variant="default">
                {t('pledges.title')}
              </Button>
            )}
            <Button
              leftSection={<IconPlus size={18} aria-hidden="true" />}
              onClick={() => setAdding(true)}
            >
              {t('funding.new')}
            </Button>
          </>
        )
      }
    >
      <ListPage<FundingSource>
        id="funding"
        caption={t('funding.title')}
        control={control}
        query={query}
        columns={columns}
        rowKey={(row) => row.id}
        href={(row) => `/funding-sources/${row.id}`}
        filters={
          <>
            <FilterSelect
              label={t('funding.kind')}
              value={control.search.kind}
              options={kinds.options}
              onChange={(value) => control.setFilter('kind', value)}
            />
            <FilterSelect
              label={t('funding.year')}
              width={130}
              value={control.search.fiscal_year}
              options={[-1, 0, 1].map((step) => {
                const year = String(new Date().getFullYear() + step);
                return { value: year, label: year };
              })}
              onChange={(value) => control.setFilter('fiscal_year', value)}
            />
          </>
        }
        chip={(name, value) => (name === 'kind' ? kinds.name(value) : value)}
        empty={{ title: t('funding.empty'), why: t('funding.empty_why') }}
      />
      {adding && <NewSource close={() => setAdding(false)} />}
    </Page>
  );
}
