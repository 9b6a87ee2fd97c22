import { useQuery } from '@tanstack/react-query';
import { type Answer, call, get, type Query } from '~/api/http';
import type { Page } from '~/api/types';
import type { ListControl } from './list/useList';

/** One record with its ETag, which edits and transitions send back as `If-Match`. */
export function useResource<T>(key: readonly string[], path: string, enabled = true) {
  return useQuery<Answer<T>>({
    queryKey: key,
    queryFn: ({ signal }) => call<T>(path, { signal }),
    enabled,
  });
}

/** One page of a list; the page before stays on screen while the next one comes. */
export function usePage<T>(path: string, query: Query, enabled = true) {
  return useQuery<Page<T>>({
    queryKey: ['page', path, query],
    queryFn: ({ signal }) => get<Page<T>>(path, query, signal),
    placeholderData: (before, old) => (old?.queryKey[1] === path ? before : undefined),
    enabled,
  });
}

export function listQuery(control: ListControl): Query {
  return { ...control.search, limit: control.limit };
}
