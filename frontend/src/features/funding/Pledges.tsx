// An organization's own promises: what it said it would give, what has come, and one step to promise more.
import { Button, Textarea, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call, get } from '~/api/http';
import { getAll } from '~/api/reference';
import type { FundingSource, LedgerLine, Page as PageOf } from '~/api/types';
import { useAccount } from '~/app/account';
import { organizationOf } from '~/app/roles';
import { allowed, FormDialog, useAct } from '~/ui/act';
import { PickSelect } from '~/ui/fields';
import { formatInstant, parseMoney } from '~/ui/format';
import { DataTable } from '~/ui/list/DataTable';
import { Card, Page } from '~/ui/page';
import { fieldErrors } from '~/ui/problem-text';
import { Empty, Loading, ProblemState } from '~/ui/states';
import { BalanceBar, formatAmount, isGoods, spent } from './money-bits';
import { NewSource } from './NewSource';
import './funding.css';

const LINES = 20;

export default function Pledges() {
  const { t } = useTranslation();
  const own = organizationOf(useAccount());
  const [pledging, setPledging] = useState<'' | string | null>(null);
  const [adding, setAdding] = useState(false);
  const sources = useQuery({
    queryKey: ['funding-sources', 'own', own],
    queryFn: () => getAll<FundingSource>('/funding-sources', own ? { organization_id: own } : {}),
  });
  const rows = sources.data;
  const open = (rows ?? []).filter((source) => allowed(source.can, 'pledge'));
  const add = (
    <Button variant="default" onClick={() => setAdding(true)}>
      {t('funding.new')}
    </Button>
  );
  return (
    <Page
      back={t('places.funding')}
      title={t('pledges.title')}
      lead={t('pledges.lead')}
      actions={
        <>
          {add}
          {open.length > 0 && (
            <Button
              leftSection={<IconPlus size={18} aria-hidden="true" />}
              onClick={() => setPledging('')}
            >
              {t('funding.pledge')}
            </Button>
          )}
        </>
      }
    >
      {rows === undefined ? (
        <div className="card">
          {sources.isError ? (
            <ProblemState error={sources.error} retry={() => void sources.refetch()} />
          ) : (
            <Loading lines={6} />
          )}
        </div>
      ) : rows.length === 0 ? (
        <div className="card">
          <Empty title={t('pledges.none')} why={t('pledges.none_why')} action={add} />
        </div>
      ) : (
        <>
          <Standing rows={rows} pledge={setPledging} />
          <Promises rows={rows} />
        </>
      )}
      {pledging !== null && (
        <Pledge sources={open} start={pledging} close={() => setPledging(null)} />
      )}
      {adding && <NewSource close={() => setAdding(false)} />}
    </Page>
  );
}

/** All that was ever usable in the source: what is there and what went. */
const came = ({ balance }: FundingSource) =>
  spent.reduce((sum, name) => sum + (balance[name] ?? 0), 0);

function Standing({ rows, pledge }: { rows: FundingSource[]; pledge: (id: string) => void }) {
  const { t } = useTranslation();
  const amount = (id: string, header: string, part: (row: FundingSource) => number) => ({
    id,
    header,
    numeric: true,
    cell: (row: FundingSource) => (
      <span className="nowrap">{formatAmount(part(row), row.unit)}</span>
    ),
  });
  return (
    <Card title={t('pledges.standing')} flush>
      <DataTable<FundingSource>
        caption={t('pledges.standing')}
        rows={rows}
        rowKey={(row) => row.id}
        columns={[
          {
            id: 'name',
            header: t('money.source'),
            lead: true,
            cell: (row) => (
              <Link to="/funding-sources/$id" params={{ id: row.id }}>
                {row.name}
              </Link>
            ),
          },
          { id: 'year', header: t('funding.year'), numeric: true, cell: (row) => row.fiscal_year },
          amount('pledged', t('pledges.open'), (row) => row.balance.pledged),
          amount('came', t('pledges.came'), came),
          amount('given', t('bucket.disbursed'), (row) => row.balance.disbursed),
          {
            id: 'bar',
            header: t('money.bar'),
            cell: (row) => <BalanceBar balance={row.balance} small />,
          },
        ]}
        cellActions={(row) =>
          allowed(row.can, 'pledge') && (
            <Button variant="subtle" size="sm" onClick={() => pledge(row.id)}>
              {t('funding.pledge')}
              <span className="sp-visually-hidden"> {row.name}</span>
            </Button>
          )
        }
      />
    </Card>
  );
}

/** The promises themselves, newest first, over all sources. */
function Promises({ rows }: { rows: FundingSource[] }) {
  const { t } = useTranslation();
  const ledgers = useQueries({
    queries: rows.map((row) => ({
      queryKey: ['page', `/funding-sources/${row.id}/ledger`, 'pledges'],
      queryFn: () =>
        get<PageOf<LedgerLine>>(`/funding-sources/${row.id}/ledger`, {
          kind: 'pledge',
          limit: LINES,
        }),
    })),
  });
  const failed = ledgers.find((ledger) => ledger.isError);
  const lines = ledgers
    .flatMap((ledger, at) =>
      (ledger.data?.data ?? []).map((line) => ({ line, source: rows[at] as FundingSource })),
    )
    .sort((a, b) => (a.line.at < b.line.at ? 1 : -1));
  return (
    <Card title={t('pledges.promised')}>
      {failed ? (
        <ProblemState error={failed.error} retry={() => void failed.refetch()} />
      ) : ledgers.some((ledger) => ledger.isPending) ? (
        <Loading lines={3} />
      ) : lines.length === 0 ? (
        <p className="muted">{t('pledges.no_promise')}</p>
      ) : (
        <ol className="timeline">
          {lines.map(({ line, source }) => (
            <li key={line.id}>
              <p className="strong">
                {formatAmount(line.amount, source.unit)} · {source.name}
              </p>
              <p className="muted small">
                {[formatInstant(line.at), line.reference || line.reason]
                  .filter(Boolean)
                  .join(' · ')}
              </p>
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}

function Pledge(props: { sources: FundingSource[]; start: string; close: () => void }) {
  const { t } = useTranslation();
  const { sources, close } = props;
  const act = useAct();
  const [id, setId] = useState(props.start || (sources.length === 1 ? sources[0]?.id : '') || '');
  const [amount, setAmount] = useState('');
  const [reference, setReference] = useState('');
  const [touched, setTouched] = useState(false);
  const source = sources.find((one) => one.id === id);
  const value = parseMoney(amount);
  const goods = source !== undefined && isGoods(source);
  const refused = fieldErrors(act.error);

  function submit() {
    setTouched(true);
    if (!source || !value) return;
    const body = {
      [goods ? 'items' : 'amount_idr']: value,
      ...(reference.trim() ? { reference: reference.trim() } : {}),
    };
    void act
      .run(
        (key) => call(`/funding-sources/${source.id}/pledge`, { method: 'POST', body, key }),
        t('pledges.done'),
      )
      .then((done) => done && close());
  }

  return (
    <FormDialog
      opened
      close={close}
      title={t('funding.pledge')}
      submitText={t('funding.pledge')}
      busy={act.busy}
      error={act.error}
      onSubmit={submit}
    >
      <p>{t('funding.pledge_lead')}</p>
      <PickSelect
        label={t('money.source')}
        required
        options={sources.map((one) => ({
          value: one.id,
          label: `${one.name} · ${one.fiscal_year}`,
        }))}
        value={id}
        onChange={setId}
        error={touched && !source ? t('ui.required') : undefined}
      />
      <TextInput
        label={goods ? t('money.items') : `${t('funding.amount')} (Rp)`}
        required
        inputMode="numeric"
        placeholder={goods ? '100' : '1.500.000'}
        value={amount}
        onChange={(event) => setAmount(event.currentTarget.value)}
        description={value && source ? formatAmount(value, source.unit) : undefined}
        error={
          touched && !value
            ? t(goods ? 'money.whole' : 'funding.amount_wrong')
            : (refused.amount_idr ?? refused.items)
        }
      />
      <Textarea
        label={`${t('pledges.paper')} (${t('ui.optional')})`}
        maxLength={500}
        value={reference}
        onChange={(event) => setReference(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
