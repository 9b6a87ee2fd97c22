// A program's page with what other slices say about it.
import { lazy, Suspense } from 'react';
import { useAccount } from '~/app/account';
import { placesFor } from '~/app/roles';
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

const ProgramFunding = lazy(async () => {
  await loadWords('money');
  return { default: (await import('~/features/funding/ProgramFunding')).ProgramFunding };
});

export default function ProgramRoute({ id }: { id: string }) {
  const seesMoney = placesFor(useAccount()).includes('funding');
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
        {seesMoney && <ProgramFunding programId={id} />}
      </Suspense>
    </ProgramPage>
  );
}
