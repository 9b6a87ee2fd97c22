import { describe, expect, it } from 'vitest';
import { shift, weekOf } from './week';

describe('a week', () => {
  it('runs from Monday to Sunday, whatever day is asked for', () => {
    const week = weekOf('2026-11-22');
    expect(week[0]).toBe('2026-11-16');
    expect(week[6]).toBe('2026-11-22');
    for (const day of week) expect(weekOf(day)).toEqual(week);
  });
  it('crosses the turn of the year and a leap day', () => {
    expect(shift('2026-12-28', 7)).toBe('2027-01-04');
    expect(shift('2028-02-28', 1)).toBe('2028-02-29');
  });
});
