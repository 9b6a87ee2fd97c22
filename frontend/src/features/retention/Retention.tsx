// How long data are kept, what is held against that, and the runs that let the rest go.
import { useTranslation } from 'react-i18next';
import { useAccount } from '~/app/account';
import { hasRole } from '~/app/roles';
import { Page } from '~/ui/page';
import { Classes } from './Classes';
import { Holds } from './Holds';
import { Runs } from './Runs';

export default function Retention() {
  const { t } = useTranslation();
  const account = useAccount();
  return (
    <Page title={t('places.retention')} lead={t('retention.lead')}>
      <Classes />
      <Runs />
      {hasRole(account, 'coordinator', 'auditor') && <Holds />}
    </Page>
  );
}
