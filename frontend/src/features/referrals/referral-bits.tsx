import { useTranslation } from 'react-i18next';
import type { Referral } from '~/api/types';
import { formatDate } from '~/ui/format';
import { isEnded, isLate } from './referral-verbs';

export function Due({ referral }: { referral: Referral }) {
  const { t } = useTranslation();
  if (!referral.due_at || isEnded(referral.status) || referral.status === 'draft') return '–';
  const late = isLate(referral);
  return (
    <span className={late ? 'late nowrap' : 'nowrap'}>
      {formatDate(referral.due_at)}
      {late && ` · ${t('referrals.overdue')}`}
    </span>
  );
}
