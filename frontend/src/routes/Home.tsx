import { useTranslation } from 'react-i18next';
import { useAccount } from '~/app/account';
import { Page } from '~/ui/page';

export function Home() {
  const { t } = useTranslation();
  const account = useAccount();
  return (
    <Page
      title={t('home.title', { name: account.display_name || account.username })}
      lead={t('home.lead')}
    >
      <div />
    </Page>
  );
}
