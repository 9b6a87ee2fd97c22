import { describe, expect, it } from 'vitest';
import { neighboursOf, rememberList } from './trail';
import { viewBody, viewSearch } from './Views';

describe('the list a record was opened from', () => {
  it('knows the one before and the one after', () => {
    rememberList('/households?decile=1', ['/households/a', '/households/b', '/households/c']);
    expect(neighboursOf('/households/b')).toEqual({
      list: '/households?decile=1',
      at: 2,
      count: 3,
      previous: '/households/a',
      next: '/households/c',
    });
    expect(neighboursOf('/households/c').next).toBeUndefined();
  });

  it('leads back to the list even from a record it did not show', () => {
    rememberList('/problems?status=reported', ['/problems/a']);
    expect(neighboursOf('/problems/z')).toMatchObject({
      list: '/problems?status=reported',
      at: null,
    });
    expect(neighboursOf('/referrals/z').list).toBe('/referrals');
  });
});

describe('a saved view', () => {
  it('keeps filters, order and columns, and neither page nor cursor', () => {
    const body = viewBody({ decile: '1', sort: '-updated_at', cursor: 'x', limit: 100 }, [
      'region',
    ]);
    expect(body).toEqual({ filter: { decile: '1' }, sort: '-updated_at', columns: ['region'] });
    expect(viewSearch(body)).toEqual({ decile: '1', sort: '-updated_at' });
    expect(viewSearch(viewBody({}, null))).toEqual({});
  });
});
