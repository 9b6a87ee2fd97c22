import { describe, expect, it } from 'vitest';
import {
  filtersOf,
  listSearch,
  parseSearch,
  stringifySearch,
  toggleSort,
  withFilter,
} from './search-params';

describe('list state in the address', () => {
  const read = listSearch('status', 'decile');

  it('keeps what the list knows and nothing else', () => {
    expect(
      read({ limit: 100, status: 'active', decile: 3, q: 'Siti Aminah', nik: '3273' }),
    ).toEqual({
      limit: 100,
      status: 'active',
      decile: '3',
    });
    expect(read({ limit: 7, status: '' })).toEqual({});
  });

  it('starts at the first page when a filter changes', () => {
    const next = withFilter({ cursor: 'x', status: 'active' }, 'decile', '1');
    expect(next).toEqual({ status: 'active', decile: '1' });
    expect(filtersOf(next)).toEqual([
      ['status', 'active'],
      ['decile', '1'],
    ]);
  });

  it('writes plain addresses and reads them back', () => {
    const text = stringifySearch({ decile: '2', limit: 100, cursor: undefined });
    expect(text).toBe('?decile=2&limit=100');
    expect(read(parseSearch(text))).toEqual({ decile: '2', limit: 100 });
  });

  it('turns an order around', () => {
    expect(toggleSort(undefined, 'name')).toBe('name');
    expect(toggleSort('name', 'name')).toBe('-name');
    expect(toggleSort('-name', 'name')).toBe('name');
  });
});
