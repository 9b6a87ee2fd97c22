// One policy for reading: refusals are final, a busy or absent service is asked again politely.
import { QueryClient } from '@tanstack/react-query';
import { ApiProblem, NetworkProblem } from '~/api/problem';

export function shouldRetry(count: number, error: unknown): boolean {
  if (error instanceof ApiProblem) {
    return count < 3 && (error.status === 503 || error.status === 429 || error.status === 502);
  }
  return error instanceof NetworkProblem && count < 2;
}

export function retryDelay(count: number, error: unknown): number {
  if (error instanceof ApiProblem && error.retryAfter) return error.retryAfter * 1000;
  return Math.min(1000 * 2 ** count, 8000);
}

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: shouldRetry,
        retryDelay,
        staleTime: 15_000,
        refetchOnWindowFocus: true,
        networkMode: 'always',
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}

/** After a change everything on the screen is asked again, except the reference lists. */
export function refreshData(queries: QueryClient): Promise<void> {
  const lists = ['regions', 'code-lists'];
  return queries.invalidateQueries({
    predicate: (query) => !lists.includes(String(query.queryKey[0])),
  });
}
