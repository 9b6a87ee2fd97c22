import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

const pages = [
  ['workbench', '/matching'],
  ['missing', '/missing-facts'],
] as const;

/** The two pages of matching, as links. */
export function MatchingTabs({ at }: { at: 'workbench' | 'missing' }) {
  const { t } = useTranslation();
  return (
    <nav className="page-tabs" aria-label={t('match.pages')}>
      {pages.map(([page, to]) => (
        <Link key={page} to={to} aria-current={page === at ? 'page' : undefined}>
          {t(`match.page.${page}`)}
        </Link>
      ))}
    </nav>
  );
}
