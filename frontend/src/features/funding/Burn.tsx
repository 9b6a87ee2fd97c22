import { useTranslation } from 'react-i18next';
import type { FundingSource } from '~/api/types';
import { formatPeriod } from '~/ui/format';
import { DataTable } from '~/ui/list/DataTable';
import { Card } from '~/ui/page';
import { useResource } from '~/ui/useResource';
import { formatAmount } from './money-bits';

interface Month {
  month: string;
  came_in: number;
  committed: number;
  disbursed: number;
  refunded: number;
}

interface BurnView {
  budget: number;
  disbursed: number;
  unit: string;
  months: Month[];
}

/** How fast the source is spent: bars for the eye, the table for everybody. */
export function Burn({ source }: { source: FundingSource }) {
  const { t } = useTranslation();
  const query = useResource<BurnView>(
    ['funding-sources', source.id, 'burn'],
    `/funding-sources/${source.id}/burn`,
  );
  const burn = query.data?.data;
  if (!burn || burn.months.length === 0) return null;
  const highest = Math.max(0, ...burn.months.map((m) => Math.max(m.committed, m.disbursed)));
  const share = burn.budget > 0 ? Math.round((burn.disbursed / burn.budget) * 100) : 0;
  const money = (id: 'came_in' | 'committed' | 'disbursed' | 'refunded') => ({
    id,
    header: t(`money.${id}`),
    numeric: true,
    cell: (row: Month) => <span className="nowrap">{formatAmount(row[id], burn.unit)}</span>,
  });
  return (
    <Card title={t('money.burn')}>
      <p>
        {t('money.burn_lead', {
          given: formatAmount(burn.disbursed, burn.unit),
          budget: formatAmount(burn.budget, burn.unit),
          share: `${share}%`,
        })}
      </p>
      {highest > 0 && <Bars months={burn.months} highest={highest} />}
      <DataTable<Month>
        caption={t('money.burn')}
        rows={burn.months}
        rowKey={(row) => row.month}
        columns={[
          {
            id: 'month',
            header: t('money.month'),
            lead: true,
            cell: (row) => formatPeriod(row.month),
          },
          money('came_in'),
          money('committed'),
          money('disbursed'),
          money('refunded'),
        ]}
      />
    </Card>
  );
}

function Bars({ months, highest }: { months: Month[]; highest: number }) {
  return (
    <div className="burn" aria-hidden="true">
      {months.map((month) => (
        <div key={month.month} className="burn-month">
          <span className="burn-bars">
            <span
              className="flow-committed"
              style={{ height: `${(month.committed / highest) * 100}%` }}
            />
            <span
              className="flow-disbursed"
              style={{ height: `${(month.disbursed / highest) * 100}%` }}
            />
          </span>
          <span className="burn-name">{month.month.slice(5)}</span>
        </div>
      ))}
    </div>
  );
}
