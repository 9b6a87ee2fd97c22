// A household's page with what other slices say about it.

import { HouseholdAssessments } from '~/features/assessments/HouseholdAssessments';
import { HouseholdCases } from '~/features/cases/HouseholdCases';
import { HouseholdCorrections } from '~/features/corrections/HouseholdCorrections';
import { HouseholdPage } from '~/features/households/HouseholdPage';
import { HouseholdProblems } from '~/features/problems/HouseholdProblems';
import { HouseholdReferrals } from '~/features/referrals/HouseholdReferrals';
import { ReferButton } from '~/features/referrals/SendReferral';

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
      cases={(household) => <HouseholdCases household={household} />}
      assessments={(household) => <HouseholdAssessments household={household} />}
      corrections={(household) => <HouseholdCorrections household={household} />}
      referrals={(household) => <HouseholdReferrals householdId={household.id} />}
    />
  );
}
