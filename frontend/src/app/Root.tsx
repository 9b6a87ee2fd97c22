// Decides between the sign-in screen and the application. The application (router, queries,
// component kit) is a chunk of its own, fetched while a person types the password.
import { lazy, Suspense, useEffect, useSyncExternalStore } from 'react';
import { ErrorBoundary } from './ErrorBoundary';
import { SignIn } from './SignIn';
import { StartFailed } from './StartFailed';
import { session } from './session';

const loadApplication = () => import('~/routes/Application');
const Application = lazy(loadApplication);

export function useSession() {
  return useSyncExternalStore(session.subscribe, session.get);
}

export function Root() {
  const state = useSession();
  useEffect(() => {
    if (state.status === 'anonymous') {
      const timer = setTimeout(() => void loadApplication(), 600);
      return () => clearTimeout(timer);
    }
    return undefined;
  }, [state.status]);

  if (state.status === 'starting') return null;
  if (state.status === 'anonymous') return <SignIn />;
  return (
    <ErrorBoundary fallback={() => <StartFailed crashed />}>
      <Suspense fallback={<BootScreen />}>
        <div inert={state.status === 'expired'}>
          <Application key={state.account.id} account={state.account} />
        </div>
      </Suspense>
      {state.status === 'expired' && <SignIn again={state.account.username} />}
    </ErrorBoundary>
  );
}

function BootScreen() {
  return <div className="boot" role="status" aria-label="Satu Pintu" />;
}
