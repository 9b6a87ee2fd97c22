import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useAccount } from '~/app/account';
import { placesFor } from '~/app/roles';

/** The two pages about what files are taken for; whoever may read only one of them is there already. */
export function ProfileTabs({ at }: { at: 'files' | 'trust' }) {
  const { t } = useTranslation();
  if (!placesFor(useAccount()).includes('import_profiles')) return null;
  return (
    <nav className="page-tabs" aria-label={t('profiles.pages')}>
      <Link
        to={'/import-profiles' as string}
        aria-current={at === 'files' ? 'page' : undefined}
        activeOptions={{ exact: true }}
      >
        {t('places.import_profiles')}
      </Link>
      <Link to={'/source-trust' as string} aria-current={at === 'trust' ? 'page' : undefined}>
        {t('profiles.trust')}
      </Link>
    </nav>
  );
}
