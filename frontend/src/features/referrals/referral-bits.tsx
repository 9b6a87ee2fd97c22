import { useTranslation } from 'react-i18next';
import type { Referral } from '~/api/types';
import { formatDate } from '~/ui/format';

const open = ['sent', 'accepted', 'returned', 'scheduled', 'in_service'];

export function Due({ referral }: { referral: Referral }) {
  const { t } = useTranslation();
  if (!referral.due_at || !open.includes(referral.status)) return '–';
  const late = new Date(referral.due_at) < new Date();
  return (
    <span className={late ? 'late nowrap' : 'nowrap'}>
      {formatDate(referral.due_at)}
      {late && ` · ${t('referrals.overdue')}`}
    </span>
  );
}
