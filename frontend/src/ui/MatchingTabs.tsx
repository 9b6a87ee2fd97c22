// The pages of matching, as links; they belong to two features.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';

const pages = [
  ['workbench', '/matching'],
  ['missing', '/missing-facts'],
  ['allocation', '/allocation-plans'],
] as const;

export function MatchingTabs({ at }: { at: (typeof pages)[number][0] }) {
  const { t } = useTranslation();
  const plans = hasRole(useAccount(), 'coordinator', 'auditor');
  return (
    <nav className="page-tabs" aria-label={t('match.pages')}>
      {pages
        .filter(([page]) => plans || page !== 'allocation')
        .map(([page, to]) => (
          <Link key={page} to={to} aria-current={page === at ? 'page' : undefined}>
            {t(`match.page.${page}`)}
          </Link>
        ))}
    </nav>
  );
}
