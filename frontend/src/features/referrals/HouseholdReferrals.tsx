import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Referral } from '~/api/types';
import { useLanguage } from '~/i18n';
import { StatusBadge } from '~/ui/Badge';
import { formatMoney } from '~/ui/format';
import { Facts } from '~/ui/page';
import { Empty, Loading, ProblemState } from '~/ui/states';
import { usePage } from '~/ui/useResource';
import { Due } from './referral-bits';

export function HouseholdReferrals({ householdId }: { householdId: string }) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const query = usePage<Referral>(`/households/${householdId}/referrals`, { limit: 100 });
  const rows = query.data?.data;
  if (rows === undefined) {
    return (
      <div className="card">
        {query.isError ? (
          <ProblemState error={query.error} retry={() => void query.refetch()} />
        ) : (
          <Loading />
        )}
      </div>
    );
  }
  if (rows.length === 0) {
    return (
      <div className="card">
        <Empty title={t('referrals.none_here')} why={t('referrals.none_here_why')} />
      </div>
    );
  }
  return (
    <div className="stack">
      {rows.map((row) => (
        <article className="card card-pad stack" key={row.id}>
          <div className="spread">
            <h2 className="card-title">
              <Link to="/referrals/$id" params={{ id: row.id }} className="row-link">
                {name(row.program_name)}
              </Link>
            </h2>
            <StatusBadge group="referral_status" value={row.status} />
          </div>
          <Facts
            items={[
              [t('referrals.to'), row.to_organization_name],
              [t('referrals.amount'), formatMoney(row.amount_idr)],
              [t('referrals.due'), <Due key="due" referral={row} />],
            ]}
          />
        </article>
      ))}
    </div>
  );
}
