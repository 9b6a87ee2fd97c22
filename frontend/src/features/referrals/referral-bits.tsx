import { useQueries } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { get } from '~/api/http';
import type { Program, Referral } from '~/api/types';
import { useLanguage } from '~/i18n';
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

/** Names of the programs on this page; each is fetched once and kept. */
export function useProgramNames(ids: string[]) {
  const { name } = useLanguage();
  const unique = [...new Set(ids)];
  const results = useQueries({
    queries: unique.map((id) => ({
      queryKey: ['program-name', id],
      queryFn: () => get<Program>(`/programs/${id}`),
      staleTime: 10 * 60_000,
    })),
  });
  const names = new Map(unique.map((id, at) => [id, name(results[at]?.data?.name)]));
  return (id: string) => names.get(id) || '…';
}
