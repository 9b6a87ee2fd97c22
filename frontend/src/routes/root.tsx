// The frame every address lies in.
import { Button } from '@mantine/core';
import { createRootRoute, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Shell } from '~/app/shell/Shell';
import { Page } from '~/ui/page';

export const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

function NotFound() {
  const { t } = useTranslation();
  return (
    <Page title={t('shell.not_found')} lead={t('shell.not_found_why')}>
      <div>
        <Button component={Link} to="/">
          {t('shell.to_home')}
        </Button>
      </div>
    </Page>
  );
}
