// Aid that others report for a household, beside what is referred here.
import { useTranslation } from 'react-i18next';
import type { LocalizedText } from '~/api/types';
import { useAccount } from '~/app/account';
import { hasRole, type Role } from '~/app/roles';
import { useLanguage } from '~/i18n';
import { formatDate } from '~/ui/format';
import { DataTable } from '~/ui/list/DataTable';
import { Card } from '~/ui/page';
import { Empty, Loading, ProblemState } from '~/ui/states';
import { usePage } from '~/ui/useResource';

interface Benefit {
  id: string;
  program_name: LocalizedText;
  individual_id: string | null;
  from_date: string;
  to_date: string;
  source: string;
}

/** Who may know; an agency or a foundation sees what was referred to it alone. */
const readers: Role[] = ['coordinator', 'social_worker', 'village_operator', 'auditor', 'citizen'];

export function ReportedBenefits({ householdId }: { householdId: string }) {
  const { t } = useTranslation();
  const { name } = useLanguage();
  const reads = hasRole(useAccount(), ...readers);
  const wanted = { household_id: householdId, limit: 100 };
  const query = usePage<Benefit>('/reported-benefits', wanted, reads);
  if (!reads) return null;
  return (
    <Card flush title={t('overlaps.benefits')}>
      {query.isPending ? (
        <Loading lines={3} />
      ) : query.isError ? (
        <ProblemState error={query.error} retry={() => void query.refetch()} />
      ) : query.data.data.length === 0 ? (
        <Empty title={t('overlaps.no_benefits')} why={t('overlaps.no_benefits_why')} />
      ) : (
        <DataTable
          caption={t('overlaps.benefits')}
          rows={query.data.data}
          rowKey={(row) => row.id}
          columns={[
            {
              id: 'program',
              header: t('referrals.program'),
              lead: true,
              cell: (row) => name(row.program_name),
            },
            {
              id: 'for',
              header: t('problems.subject'),
              cell: (row) =>
                t(row.individual_id ? 'overlaps.member' : 'problems.subject_household'),
            },
            {
              id: 'time',
              header: t('overlaps.time'),
              cell: (row) => `${formatDate(row.from_date)} – ${formatDate(row.to_date)}`,
            },
            { id: 'source', header: t('overlaps.source'), cell: (row) => row.source },
          ]}
        />
      )}
    </Card>
  );
}
