// What a program costs: where its money comes from, how far it went, and what next year takes.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Balance } from '~/api/types';
import { formatMoney, formatNumber } from '~/ui/format';
import { DataTable } from '~/ui/list/DataTable';
import { Card, Facts } from '~/ui/page';
import { Loading, ProblemState } from '~/ui/states';
import { useResource } from '~/ui/useResource';
import { BalanceBar, formatAmount, spent } from './money-bits';
import './funding.css';

interface Line {
  cycle_id: string;
  cycle_name: string;
  funding_source_id: string;
  funding_source_name: string;
  fiscal_year: number;
  unit: string;
  balance: Balance;
}

interface NextYear {
  fiscal_year: number;
  awards: number;
  /** 0 for a benefit given once. */
  times: number;
  value_idr: number;
  need_idr: number;
  owed_idr: number;
}

interface View {
  lines: Line[];
  /** Null where nothing runs on. */
  next_year: NextYear | null;
}

export function ProgramFunding({ programId }: { programId: string }) {
  const { t } = useTranslation();
  const query = useResource<View>(
    ['programs', programId, 'funding'],
    `/programs/${programId}/funding`,
  );
  const view = query.data?.data;
  return (
    <Card title={t('money.program')}>
      {view === undefined ? (
        query.isError ? (
          <ProblemState error={query.error} retry={() => void query.refetch()} />
        ) : (
          <Loading lines={4} />
        )
      ) : (
        <>
          {view.lines.length === 0 ? (
            <p className="muted">{`${t('money.no_money')}. ${t('money.no_money_why')}`}</p>
          ) : (
            years(view.lines).map((year) => (
              <Year
                key={year}
                year={year}
                lines={view.lines.filter((l) => l.fiscal_year === year)}
              />
            ))
          )}
          {view.next_year && <Next next={view.next_year} />}
        </>
      )}
    </Card>
  );
}

const years = (lines: Line[]) => [...new Set(lines.map((line) => line.fiscal_year))];

/** What was ever set aside for the cycle: what is still there and what went. */
const budget = ({ balance }: Line) =>
  spent.reduce((sum, name) => (name === 'available' ? sum : sum + (balance[name] ?? 0)), 0);

function Year({ year, lines }: { year: number; lines: Line[] }) {
  const { t } = useTranslation();
  const rupiah = lines.filter((line) => line.unit === 'IDR');
  const sum = (part: (line: Line) => number) => rupiah.reduce((all, line) => all + part(line), 0);
  const amount = (id: string, header: string, part: (line: Line) => number) => ({
    id,
    header,
    numeric: true,
    cell: (line: Line) => <span className="nowrap">{formatAmount(part(line), line.unit)}</span>,
  });
  return (
    <section className="stack" aria-label={t('money.year', { year })}>
      <h3 className="card-title">{t('money.year', { year })}</h3>
      {rupiah.length > 0 && (
        <p>
          {t('money.year_sum', {
            budget: formatMoney(sum(budget)),
            given: formatMoney(sum((line) => line.balance.disbursed)),
            owed: formatMoney(sum((line) => line.balance.reserved + line.balance.committed)),
          })}
        </p>
      )}
      <DataTable<Line>
        caption={t('money.year', { year })}
        rows={lines}
        rowKey={(line) => `${line.funding_source_id} ${line.cycle_id}`}
        columns={[
          {
            id: 'source',
            header: t('money.source'),
            lead: true,
            cell: (line) => (
              <Link to="/funding-sources/$id" params={{ id: line.funding_source_id }}>
                {line.funding_source_name}
              </Link>
            ),
          },
          { id: 'cycle', header: t('funding.cycle'), cell: (line) => line.cycle_name },
          {
            id: 'bar',
            header: t('money.bar'),
            cell: (line) => <BalanceBar balance={line.balance} small />,
          },
          amount('budget', t('bucket.allotted'), budget),
          amount('owed', t('money.owed'), (line) => line.balance.reserved + line.balance.committed),
          amount('given', t('bucket.disbursed'), (line) => line.balance.disbursed),
          amount('left', t('money.left'), (line) => line.balance.allotted),
        ]}
      />
    </section>
  );
}

function Next({ next }: { next: NextYear }) {
  const { t } = useTranslation();
  const title = t('money.next_year', { year: next.fiscal_year });
  return (
    <section className="stack" aria-label={title}>
      <h3 className="card-title">{title}</h3>
      {next.times === 0 && <p className="muted">{t('money.given_once')}</p>}
      {(next.times > 0 || next.owed_idr > 0) && (
        <Facts
          items={[
            next.times > 0 ? [t('money.need'), formatMoney(next.need_idr)] : null,
            next.times > 0
              ? [
                  t('money.reckoned'),
                  t('money.reckoned_as', {
                    awards: formatNumber(next.awards),
                    times: formatNumber(next.times),
                    value: formatMoney(next.value_idr),
                  }),
                ]
              : null,
            [t('money.owed_over'), formatMoney(next.owed_idr)],
          ]}
        />
      )}
      {next.times > 0 && <p className="muted small">{t('money.next_year_why')}</p>}
    </section>
  );
}
