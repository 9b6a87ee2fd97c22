import { Button, Menu } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { download } from '~/api/http';
import { useCodes, useOrganizations, useProgramNames } from '~/api/reference';
import type { CycleBalance, FundingSource, LedgerLine } from '~/api/types';
import { word } from '~/i18n';
import { allowed, CanButton } from '~/ui/act';
import { CopyText } from '~/ui/CopyText';
import { formatInstant } from '~/ui/format';
import { type Column, DataTable } from '~/ui/list/DataTable';
import { ListPage } from '~/ui/list/ListPage';
import { useList } from '~/ui/list/useList';
import { Card, Page, RecordState } from '~/ui/page';
import { listQuery, usePage, useResource } from '~/ui/useResource';
import { Burn } from './Burn';
import { MoveMoney, type MoveVerb, moveVerbs } from './MoveMoney';
import { BalanceBar, formatAmount, signed } from './money-bits';
import { Proposals } from './Proposals';
import { YearEnd, type YearVerb, yearVerbs } from './YearEnd';
import './funding.css';

const buckets = [
  'pledged',
  'available',
  'allotted',
  'reserved',
  'committed',
  'disbursed',
  'lapsed',
] as const;

export function FundingPage({ id }: { id: string }) {
  const { t } = useTranslation();
  const kinds = useCodes('funding_kinds');
  const organizations = useOrganizations();
  const control = useList();
  const [verb, setVerb] = useState<MoveVerb | null>(null);
  const [yearVerb, setYearVerb] = useState<YearVerb | null>(null);
  const query = useResource<FundingSource>(['funding-sources', id], `/funding-sources/${id}`);
  const ledger = usePage<LedgerLine>(`/funding-sources/${id}/ledger`, listQuery(control));
  const source = query.data?.data;
  if (!source) {
    return <RecordState query={query} back={t('places.funding')} />;
  }
  const columns: Column<LedgerLine>[] = [
    {
      id: 'what',
      header: t('funding.what'),
      lead: true,
      cell: (row) => word('ledger_kind', row.kind),
    },
    {
      id: 'path',
      header: t('funding.path'),
      cell: (row) =>
        [...row.lines]
          .sort((a, b) => a.amount - b.amount)
          .filter((line) => line.bucket !== 'origin')
          .map((line) => word('bucket', line.bucket))
          .join(' → '),
    },
    { id: 'when', header: t('funding.when'), cell: (row) => formatInstant(row.at) },
    {
      id: 'amount',
      header: t('funding.amount'),
      numeric: true,
      cell: (row) => <span className="nowrap">{formatAmount(signed(row), source.unit)}</span>,
    },
    {
      id: 'reference',
      header: t('funding.reference'),
      cell: (row) => row.reference || row.reason || '–',
    },
  ];
  return (
    <Page
      back={t('places.funding')}
      title={source.name}
      lead={[
        kinds.name(source.kind),
        source.organization_name ?? organizations.name(source.organization_id),
        source.fiscal_year,
      ].join(' · ')}
      actions={
        <>
          {moveVerbs
            .filter((action) => allowed(source.can, action))
            .map((action, at) => (
              <CanButton
                key={action}
                can={source.can}
                action={action}
                variant={at === 0 ? 'filled' : 'default'}
                onClick={() => setVerb(action)}
              >
                {t(`funding.${action}`)}
              </CanButton>
            ))}
          {yearVerbs.some((action) => allowed(source.can, action)) && (
            <Menu position="bottom-end" withinPortal={false}>
              <Menu.Target>
                <Button variant="default">{t('money.more')}</Button>
              </Menu.Target>
              <Menu.Dropdown>
                {yearVerbs
                  .filter((action) => allowed(source.can, action))
                  .map((action) => (
                    <Menu.Item key={action} onClick={() => setYearVerb(action)}>
                      {t(`money.${action}`)}
                    </Menu.Item>
                  ))}
              </Menu.Dropdown>
            </Menu>
          )}
        </>
      }
    >
      {source.status === 'closed' && (
        <p className="notice">{t('money.closed', { when: formatInstant(source.closed_at) })}</p>
      )}
      <div className="row">
        <span className="sp-mono muted">{source.code}</span>
        <CopyText text={source.id} short={source.id.slice(-12)} />
      </div>
      <Proposals source={source} />
      <Buckets source={source} />
      <Burn source={source} />
      <Cycles id={id} unit={source.unit} />
      <div className="spread">
        <h2 className="card-title">{t('funding.ledger')}</h2>
        <Button
          variant="default"
          onClick={() =>
            void download(`/funding-sources/${id}/statement`, { format: 'csv' }, 'ledger.csv')
          }
        >
          {t('money.statement')}
        </Button>
      </div>
      <ListPage<LedgerLine>
        id="ledger"
        caption={t('funding.ledger')}
        control={control}
        query={ledger}
        columns={columns}
        rowKey={(row) => row.id}
        empty={{ title: t('funding.no_entries') }}
      />
      {verb && <MoveMoney source={source} verb={verb} close={() => setVerb(null)} />}
      {yearVerb && <YearEnd source={source} verb={yearVerb} close={() => setYearVerb(null)} />}
    </Page>
  );
}

function Buckets({ source }: { source: FundingSource }) {
  const { t } = useTranslation();
  return (
    <Card title={t('funding.by_bucket')}>
      <BalanceBar balance={source.balance} />
      <dl className="buckets">
        {buckets.map((name) => (
          <div key={name}>
            <dt>
              <span className={`swatch flow-${name}`} aria-hidden="true" />
              {word('bucket', name)}
            </dt>
            <dd className="sp-num">{formatAmount(source.balance[name] ?? 0, source.unit)}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

/** What was allotted to each cycle and how far it went. */
function Cycles({ id, unit }: { id: string; unit: string | undefined }) {
  const { t } = useTranslation();
  const query = useResource<{ cycles: CycleBalance[] }>(
    ['funding-sources', id, 'balance'],
    `/funding-sources/${id}/balance`,
  );
  const rows = query.data?.data.cycles ?? [];
  const programName = useProgramNames(rows.map((row) => row.program_id));
  if (rows.length === 0) return null;
  const money = (name: 'allotted' | 'reserved' | 'committed' | 'disbursed') => ({
    id: name,
    header: t(`bucket.${name}`),
    numeric: true,
    cell: (row: CycleBalance) => (
      <span className="nowrap">{formatAmount(row.balance[name], unit)}</span>
    ),
  });
  return (
    <Card title={t('funding.by_cycle')} flush>
      <DataTable<CycleBalance>
        caption={t('funding.by_cycle')}
        rows={rows}
        rowKey={(row) => row.cycle_id}
        href={(row) => `/programs/${row.program_id}`}
        columns={[
          {
            id: 'program',
            header: t('funding.program'),
            lead: true,
            cell: (row) => programName(row.program_id),
          },
          money('allotted'),
          money('reserved'),
          money('committed'),
          money('disbursed'),
        ]}
      />
    </Card>
  );
}
