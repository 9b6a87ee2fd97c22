// Each source's snapshot in a column of its own: they are compared, never averaged.
import { useTranslation } from 'react-i18next';
import type { HouseholdDetail, WelfareSnapshot } from '~/api/types';
import { StatusBadge } from '~/ui/Badge';
import { formatDate, formatPeriod } from '~/ui/format';
import { Empty } from '~/ui/states';

export function Welfare({ household }: { household: HouseholdDetail }) {
  const { t } = useTranslation();
  const snapshots = household.snapshots;
  return (
    <div className="stack">
      <div className="card">
        {snapshots.length === 0 ? (
          <Empty title={t('household.no_snapshots')} why={t('household.no_snapshots_why')} />
        ) : (
          <>
            <p className="muted card-pad">{t('household.snapshots_lead')}</p>
            <section className="snapshots" tabIndex={0} aria-label={t('household.tabs.welfare')}>
              <table>
                <thead>
                  <tr>
                    <td />
                    {snapshots.map((item) => (
                      <th scope="col" key={`${item.source}${item.period}`}>
                        {item.source.toUpperCase()}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  <Line
                    label={t('household.period')}
                    of={snapshots}
                    show={(item) => formatPeriod(item.period)}
                  />
                  <Line
                    label={t('household.national')}
                    of={snapshots}
                    show={(item) => <Decile value={item.decile_national} />}
                  />
                  <Line
                    label={t('household.province')}
                    of={snapshots}
                    show={(item) => <Decile value={item.decile_province} />}
                  />
                  <Line
                    label={t('household.city')}
                    of={snapshots}
                    show={(item) => <Decile value={item.decile_city} />}
                  />
                  <Line
                    label={t('household.received')}
                    of={snapshots}
                    show={(item) => formatDate(item.received_at)}
                  />
                </tbody>
              </table>
            </section>
          </>
        )}
      </div>
      {household.identifiers.length > 0 && (
        <div className="card">
          <h2 className="card-title card-pad">{t('household.identifiers')}</h2>
          <section className="snapshots" tabIndex={0} aria-label={t('household.identifiers')}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t('household.identifier_kind')}</th>
                  <th scope="col">{t('household.identifier_value')}</th>
                  <th scope="col">{t('household.identifier_source')}</th>
                  <th scope="col">{t('ui.status')}</th>
                </tr>
              </thead>
              <tbody>
                {household.identifiers.map((item) => (
                  <tr key={`${item.kind}${item.value_masked}${item.source}`}>
                    <td>
                      <StatusBadge group="identifier_kind" value={item.kind} />
                    </td>
                    <td className="masked">{item.value_masked}</td>
                    <td>{item.source}</td>
                    <td>
                      <StatusBadge group="identifier_status" value={item.status} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </div>
      )}
    </div>
  );
}

function Line({
  label,
  of,
  show,
}: {
  label: string;
  of: WelfareSnapshot[];
  show: (item: WelfareSnapshot) => React.ReactNode;
}) {
  return (
    <tr>
      <th scope="row">{label}</th>
      {of.map((item) => (
        <td key={`${item.source}${item.period}`}>{show(item)}</td>
      ))}
    </tr>
  );
}

function Decile({ value }: { value: number | null | undefined }) {
  if (!value) return '–';
  return (
    <div>
      <span className="decile-big">{value}</span>
      <div className="decile-bar" aria-hidden="true">
        {Array.from({ length: 10 }, (_, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: ten fixed steps
          <span key={at} data-on={at < value} />
        ))}
      </div>
    </div>
  );
}
