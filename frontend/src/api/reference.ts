// Reference data the screens read again and again: fetched once, kept for the session.
import { useQueries, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useLanguage } from '~/i18n';
import { get } from './http';
import type { CodeEntry, CodeList, Organization, Page, Program, Region } from './types';

const LONG = 30 * 60_000;
const PAGES = 12;

/** Follows the cursor to the end; only for short reference lists. */
export async function getAll<T>(path: string, query: Record<string, string> = {}): Promise<T[]> {
  const rows: T[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const answer: Page<T> = await get(path, { ...query, limit: 200, cursor });
    rows.push(...answer.data);
    if (!answer.page.has_more || !answer.page.next_cursor) break;
    cursor = answer.page.next_cursor;
  }
  return rows;
}

export interface Option {
  value: string;
  label: string;
}

export function useRegions() {
  const query = useQuery({
    queryKey: ['regions'],
    queryFn: () => getAll<Region>('/regions'),
    staleTime: LONG,
  });
  return useMemo(() => {
    const all = query.data ?? [];
    const byCode = new Map(all.map((region) => [region.code, region]));
    // While the names are on their way a code would only flash.
    const unknown = (code: string) => (query.isPending ? '…' : code);
    const name = (code: string | null | undefined) =>
      code ? (byCode.get(code)?.name ?? unknown(code)) : '';
    const full = (code: string | null | undefined): string => {
      const region = code ? byCode.get(code) : undefined;
      if (!region) return code ? unknown(code) : '';
      const parent = byCode.get(region.parent_code ?? '');
      return region.level === 'kelurahan' && parent
        ? `${region.name}, ${parent.name}`
        : region.name;
    };
    return {
      all,
      name,
      /** Every kelurahan of the city, by name. */
      kelurahan: all
        .filter((region) => region.level === 'kelurahan')
        .map((region): Option => ({ value: region.code, label: full(region.code) }))
        .sort((a, b) => a.label.localeCompare(b.label, 'id')),
      /** Kelurahan with its kecamatan, since several kelurahan share a name. */
      full,
      options: (level: string, parent?: string): Option[] =>
        all
          .filter((region) => region.level === level && (!parent || region.parent_code === parent))
          .map((region) => ({ value: region.code, label: region.name }))
          .sort((a, b) => a.label.localeCompare(b.label, 'id')),
    };
  }, [query.data, query.isPending]);
}

export function useCodes(slug: string) {
  const { name: localized, language } = useLanguage();
  const query = useQuery({
    queryKey: ['code-lists', slug],
    queryFn: () => get<CodeList>(`/code-lists/${slug}`),
    staleTime: LONG,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: `localized` changes with the language
  return useMemo(() => {
    const entries: CodeEntry[] = query.data?.entries ?? [];
    const byCode = new Map(entries.map((entry) => [entry.code, entry]));
    return {
      entries,
      name: (code: string | null | undefined) =>
        code ? localized(byCode.get(code)?.name) || (query.isPending ? '…' : code) : '',
      options: entries.map(
        (entry): Option => ({ value: entry.code, label: localized(entry.name) }),
      ),
    };
  }, [query.data, query.isPending, language]);
}

export function useOrganizations() {
  const query = useQuery({
    queryKey: ['organizations', 'all'],
    queryFn: () => getAll<Organization>('/organizations'),
    staleTime: LONG,
  });
  return useMemo(() => {
    const all = query.data ?? [];
    const byId = new Map(all.map((item) => [item.id, item]));
    return {
      all,
      name: (id: string | null | undefined) =>
        id ? (byId.get(id)?.name ?? (query.isPending ? '…' : id.slice(-8))) : '',
      options: all
        .map((item): Option => ({ value: item.id, label: item.name }))
        .sort((a, b) => a.label.localeCompare(b.label, 'id')),
    };
  }, [query.data, query.isPending]);
}

/** Names of the programs on this page; each is fetched once and kept. */
export function useProgramNames(ids: string[]) {
  const { name } = useLanguage();
  const unique = [...new Set(ids)];
  const results = useQueries({
    queries: unique.map((id) => ({
      queryKey: ['program-name', id],
      queryFn: () => get<Program>(`/programs/${id}`),
      staleTime: 10 * 60_000,
    })),
  });
  const names = new Map(unique.map((id, at) => [id, name(results[at]?.data?.name)]));
  return (id: string) => names.get(id) || '…';
}
