// Every address of the application. Pages are chunks of their own; what features share on one
// page (a household's problems and referrals) is put together here, so that features stay apart.
import { Button } from '@mantine/core';
import {
  createRootRoute,
  createRoute,
  createRouter,
  Link,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Shell } from '~/app/shell/Shell';
import { Empty, Loading, ProblemState } from '~/ui/states';
import { Home } from './Home';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const home = createRoute({ getParentRoute: () => root, path: '/', component: Home });

function NotFound() {
  const { t } = useTranslation();
  return (
    <Empty
      title={t('shell.not_found')}
      why={t('shell.not_found_why')}
      action={
        <Button component={Link} to="/">
          {t('shell.to_home')}
        </Button>
      }
    />
  );
}

export function makeRouter() {
  return createRouter({
    routeTree: root.addChildren([home]),
    defaultPreload: 'intent',
    defaultPendingComponent: () => <Loading />,
    defaultErrorComponent: ({ error, reset }) => <ProblemState error={error} retry={reset} />,
    scrollRestoration: true,
  });
}

export { lazyRouteComponent };

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
