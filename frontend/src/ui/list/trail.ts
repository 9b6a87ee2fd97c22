// The list somebody came from: its address, and the addresses of its rows in their order, so that a
// record can offer the one before and the one after. Kept in memory only, gone with the page.

interface Trail {
  /** Address of the list, with its filters and page. */
  list: string;
  rows: string[];
}

const trails = new Map<string, Trail>();

/** `/households/1?tab=x` → `households`. */
const placeOf = (address: string): string => address.split(/[/?#]/)[1] ?? '';

export function rememberList(list: string, rows: string[]): void {
  // A list of one page may lead to records of another: they belong to the place they open.
  const place = placeOf(rows[0] ?? list);
  if (place === placeOf(list)) trails.set(place, { list, rows });
}

export interface Neighbours {
  list: string;
  /** Place of the record in its page of the list, from 1; null where it is not in it. */
  at: number | null;
  count: number;
  previous: string | undefined;
  next: string | undefined;
}

export function neighboursOf(path: string): Neighbours {
  const place = placeOf(path);
  const trail = trails.get(place);
  const index = trail?.rows.indexOf(path) ?? -1;
  if (!trail || index < 0) {
    return {
      list: trail?.list ?? `/${place}`,
      at: null,
      count: 0,
      previous: undefined,
      next: undefined,
    };
  }
  return {
    list: trail.list,
    at: index + 1,
    count: trail.rows.length,
    previous: trail.rows[index - 1],
    next: trail.rows[index + 1],
  };
}
