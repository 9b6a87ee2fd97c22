import { useQuery } from '@tanstack/react-query';
import { authedFetch } from '~/api/http';
import { problemFrom } from '~/api/problem';
import { apiUrl } from '~/app/config';

/** What a machine client can be allowed, as the service's own discovery document lists it. */
export function useScopes() {
  return useQuery({
    queryKey: ['scopes'],
    queryFn: async () => {
      const answer = await authedFetch(`${apiUrl()}/.well-known/oauth-authorization-server`);
      if (!answer.ok) throw await problemFrom(answer);
      return ((await answer.json()) as { scopes_supported: string[] }).scopes_supported;
    },
    staleTime: 30 * 60_000,
  });
}
