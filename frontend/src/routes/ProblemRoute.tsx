import { Evidence } from '~/features/evidence/Evidence';
import { ProblemPage } from '~/features/problems/ProblemPage';
import { ReferButton } from '~/features/referrals/SendReferral';

export default function ProblemRoute({ id }: { id: string }) {
  return (
    <ProblemPage
      key={id}
      id={id}
      refer={(problem) => <ReferButton problem={problem} />}
      evidence={(problem) => (
        <Evidence path={`/problems/${problem.id}/evidence`} open={!problem.closed_at} />
      )}
    />
  );
}
