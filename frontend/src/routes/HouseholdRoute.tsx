// A household's page with what other slices say about it. What stands behind a tab comes when the tab is opened.
import { lazy, type ReactNode, Suspense } from 'react';
import type { HouseholdDetail } from '~/api/types';
import { HouseholdPage } from '~/features/households/HouseholdPage';
import { HouseholdProblems } from '~/features/problems/HouseholdProblems';
import { ReferButton } from '~/features/referrals/SendReferral';
import { loadWords } from '~/i18n';
import { Loading } from '~/ui/states';

const HouseholdAssessments = lazy(async () => {
  await loadWords('assessments');
  const { HouseholdAssessments: page } = await import(
    '~/features/assessments/HouseholdAssessments'
  );
  return { default: page };
});
const HouseholdCases = lazy(async () => {
  await loadWords('cases');
  return { default: (await import('~/features/cases/HouseholdCases')).HouseholdCases };
});
const HouseholdCorrections = lazy(async () => {
  const [{ HouseholdCorrections: List }, { Evidence }] = await Promise.all([
    import('~/features/corrections/HouseholdCorrections'),
    import('~/features/evidence/Evidence'),
  ]);
  return {
    default: ({ household }: { household: HouseholdDetail }) => (
      <List
        household={household}
        evidence={(item) => (
          <Evidence
            path={`/corrections/${item.id}/evidence`}
            open={item.status === 'submitted'}
            within
          />
        )}
      />
    ),
  };
});
const HouseholdMatches = lazy(async () => {
  await loadWords('matching');
  return { default: (await import('~/features/matching/HouseholdMatches')).HouseholdMatches };
});
const HouseholdDecisions = lazy(async () => {
  await loadWords('decisions');
  return {
    default: (await import('~/features/decisions/HouseholdDecisions')).HouseholdDecisions,
  };
});
const HouseholdReferrals = lazy(async () => ({
  default: (await import('~/features/referrals/HouseholdReferrals')).HouseholdReferrals,
}));
const ReportedBenefits = lazy(async () => {
  await loadWords('overlaps');
  return { default: (await import('~/features/referrals/ReportedBenefits')).ReportedBenefits };
});

function Later({ children }: { children: ReactNode }) {
  return (
    <Suspense
      fallback={
        <div className="card">
          <Loading />
        </div>
      }
    >
      {children}
    </Suspense>
  );
}

export default function HouseholdRoute({ id }: { id: string }) {
  return (
    <HouseholdPage
      key={id}
      id={id}
      problems={(household) => (
        <HouseholdProblems
          household={household}
          refer={(problem) => <ReferButton problem={problem} />}
        />
      )}
      matches={(household) => (
        <Later>
          <HouseholdMatches
            household={household}
            send={(problem, program) => <ReferButton problem={problem} program={program} />}
          />
        </Later>
      )}
      cases={(household) => (
        <Later>
          <HouseholdCases household={household} />
        </Later>
      )}
      assessments={(household) => (
        <Later>
          <HouseholdAssessments household={household} />
        </Later>
      )}
      corrections={(household) => (
        <Later>
          <HouseholdCorrections household={household} />
        </Later>
      )}
      decisions={(household) => (
        <Later>
          <HouseholdDecisions id={household.id} />
        </Later>
      )}
      referrals={(household) => (
        <Later>
          <div className="stack">
            <HouseholdReferrals householdId={household.id} />
            <ReportedBenefits householdId={household.id} />
          </div>
        </Later>
      )}
    />
  );
}
