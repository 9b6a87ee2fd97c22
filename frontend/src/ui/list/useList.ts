import { useNavigate, useRouterState, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { type ListSearch, withFilter } from './search-params';

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** Cursors of the pages before this one, so that "previous" works with keyset paging. */
    trail?: string[];
  }
}

const FIRST = '';

export interface ListControl {
  search: ListSearch;
  limit: number;
  setFilter: (name: string, value: string | undefined) => void;
  setSort: (sort: string) => void;
  setLimit: (limit: number) => void;
  replace: (search: ListSearch) => void;
  next: (cursor: string) => void;
  previous: (() => void) | undefined;
  first: () => void;
}

/** Pages are shorter where the rows are cards one below the other. */
const usual = () => (window.matchMedia('(max-width: 48em)').matches ? 25 : 50);

export function useList(defaultLimit = usual()): ListControl {
  const search = useSearch({ strict: false }) as ListSearch;
  const trail = useRouterState({ select: (state) => state.location.state.trail });
  const navigate = useNavigate();

  const go = useCallback(
    (next: ListSearch, nextTrail?: string[]) => {
      void navigate({
        to: '.',
        search: next as never,
        state: (before) => ({ ...before, trail: nextTrail ?? [] }),
      });
      window.scrollTo({ top: 0 });
    },
    [navigate],
  );

  const { cursor, ...unpaged } = search;
  const back = trail ?? [];
  // A link to page three has no trail: previous then means the first page.
  const previous =
    cursor === undefined
      ? undefined
      : () => {
          const to = back[back.length - 1] ?? FIRST;
          go(to === FIRST ? unpaged : { ...unpaged, cursor: to }, back.slice(0, -1));
        };

  return {
    search,
    limit: search.limit ?? defaultLimit,
    setFilter: (name, value) => go(withFilter(search, name, value)),
    setSort: (sort) => go({ ...unpaged, sort }),
    setLimit: (limit) => go({ ...unpaged, limit }),
    replace: (next) => go(next),
    next: (to) => go({ ...unpaged, cursor: to }, [...back, cursor ?? FIRST]),
    previous,
    first: () => go(unpaged),
  };
}
