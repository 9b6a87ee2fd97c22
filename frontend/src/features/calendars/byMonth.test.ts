import { describe, expect, it } from 'vitest';
import { byMonth, type Holiday, weekdayOf } from './types';

const day = (date: string): Holiday => ({
  date,
  name: { id: date, en: date },
  kind: 'national',
  decreed: true,
});

describe('holidays of a year', () => {
  it('groups by month, in order, and leaves other years out', () => {
    const all = ['2026-12-25', '2027-01-01', '2026-01-16', '2026-01-01', '2025-12-25'].map(day);
    expect(
      byMonth(all, '2026').map(([month, days]) => [month, days.map((each) => each.date)]),
    ).toEqual([
      ['2026-01', ['2026-01-01', '2026-01-16']],
      ['2026-12', ['2026-12-25']],
    ]);
  });

  it('knows the weekday whatever the zone of the browser', () => {
    expect(weekdayOf('2026-11-22')).toBe('7');
    expect(weekdayOf('2026-11-23')).toBe('1');
  });
});
