import { useQuery } from '@tanstack/react-query';
import { get } from '~/api/http';
import { getAll } from '~/api/reference';
import type { CycleBalance, FundingSource } from '~/api/types';
import { useAccount } from '~/app/account';
import { placesFor } from '~/app/roles';

/** What is allotted to a cycle and not yet promised, over its organization's sources; for those who may see money. */
export function useMoneyLeft(organizationId: string, cycleId: string | undefined) {
  const may = placesFor(useAccount()).includes('funding');
  const query = useQuery({
    queryKey: ['money-left', organizationId, cycleId],
    queryFn: async () => {
      const sources = await getAll<FundingSource>('/funding-sources', {
        organization_id: organizationId,
      });
      const balances = await Promise.all(
        sources.map((source) =>
          get<{ cycles: CycleBalance[] }>(`/funding-sources/${source.id}/balance`),
        ),
      );
      return balances
        .flatMap((balance) => balance.cycles)
        .filter((line) => line.cycle_id === cycleId)
        .reduce((sum, line) => sum + line.balance.allotted, 0);
    },
    enabled: may && cycleId !== undefined,
    retry: false,
  });
  return query.data;
}
