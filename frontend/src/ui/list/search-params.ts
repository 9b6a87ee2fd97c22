// What of a list lives in its address: page size, order, cursor and impersonal filters. The cursor
// is sealed by the server and shows no value. A search text is personal and never goes here.

export const PAGE_SIZES = [25, 50, 100] as const;

export interface ListSearch {
  limit?: number;
  cursor?: string;
  sort?: string;
  [filter: string]: string | number | undefined;
}

/** A `validateSearch` that keeps only what this list knows. */
export function listSearch(...filters: string[]) {
  return (raw: Record<string, unknown>): ListSearch => {
    const found: ListSearch = {};
    const limit = Number(raw.limit);
    if (PAGE_SIZES.some((size) => size === limit)) found.limit = limit;
    for (const key of ['cursor', 'sort', ...filters]) {
      const value = raw[key];
      if (typeof value === 'string' && value !== '') found[key] = value;
      else if (typeof value === 'number' || typeof value === 'boolean') found[key] = String(value);
    }
    return found;
  };
}

export function filtersOf(search: ListSearch): [string, string][] {
  return Object.entries(search).flatMap(([key, value]) =>
    key === 'limit' || key === 'cursor' || key === 'sort' || value === undefined
      ? []
      : [[key, String(value)] as [string, string]],
  );
}

/** Changing what is listed starts at the first page again. */
export function withFilter(
  search: ListSearch,
  name: string,
  value: string | undefined,
): ListSearch {
  const { cursor: _cursor, ...rest } = search;
  return { ...rest, [name]: value || undefined };
}

export function toggleSort(current: string | undefined, key: string): string {
  return current === key ? `-${key}` : key;
}

/** Addresses stay plain (`?decile=2`): every value is a text, and the screens know which is a number. */
export function parseSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

export function stringifySearch(search: Record<string, unknown>): string {
  const known = Object.entries(search).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(known.map(([key, value]) => [key, String(value)])).toString();
  return text ? `?${text}` : '';
}
