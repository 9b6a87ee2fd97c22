import { useQuery } from '@tanstack/react-query';
import { get } from '~/api/http';
import { useRegions } from '~/api/reference';
import type { HouseholdDetail } from '~/api/types';

/** Head and kelurahan of a household that is known by its id. */
export function HouseholdName({ id }: { id: string }) {
  const regions = useRegions();
  const query = useQuery({
    queryKey: ['household-name', id],
    queryFn: ({ signal }) => get<HouseholdDetail>(`/households/${id}`, undefined, signal),
    staleTime: 10 * 60_000,
    retry: false,
  });
  if (!query.data) return <>{query.isError ? id.slice(-12) : '…'}</>;
  return (
    <>{[query.data.head_name, regions.name(query.data.region_code)].filter(Boolean).join(' · ')}</>
  );
}
