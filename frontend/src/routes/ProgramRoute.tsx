// A program's page with what other slices say about it.
import { lazy, Suspense } from 'react';
import { ProgramPage } from '~/features/programs/ProgramPage';
import { loadWords } from '~/i18n';
import { Loading } from '~/ui/states';

const RuleCard = lazy(async () => {
  await loadWords('matching');
  return { default: (await import('~/features/matching/RuleCard')).RuleCard };
});
const MatchesCard = lazy(async () => {
  await loadWords('matching');
  return { default: (await import('~/features/matching/MatchesCard')).MatchesCard };
});

export default function ProgramRoute({ id }: { id: string }) {
  return (
    <ProgramPage id={id}>
      <Suspense
        fallback={
          <div className="card">
            <Loading lines={3} />
          </div>
        }
      >
        <RuleCard programId={id} />
        <MatchesCard programId={id} />
      </Suspense>
    </ProgramPage>
  );
}
