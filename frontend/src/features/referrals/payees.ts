import { useQuery } from '@tanstack/react-query';
import { get } from '~/api/http';
import type { Option } from '~/api/reference';
import type { HouseholdDetail, Referral } from '~/api/types';

/** People of the household who may take it, for whoever may open the household. */
export function usePayees(referral: Referral): Option[] {
  const query = useQuery({
    queryKey: ['households', referral.household_id, 'people'],
    queryFn: ({ signal }) =>
      get<HouseholdDetail>(`/households/${referral.household_id}`, undefined, signal),
    enabled: referral.household_id !== null,
    retry: false,
  });
  return (query.data?.members ?? []).map((person) => ({
    value: person.id,
    label: person.name ?? person.id.slice(-12),
  }));
}
