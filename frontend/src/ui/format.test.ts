import { describe, expect, it } from 'vitest';
import { ageAt, formatDate, formatInstant, formatMoney, parseMoney } from './format';

describe('format', () => {
  it('writes rupiah with dots', () => {
    expect(formatMoney(1234567)).toBe('Rp\u00a01.234.567');
    expect(formatMoney(-500)).toBe('−Rp\u00a0500');
    expect(formatMoney(null)).toBe('–');
  });

  it('reads rupiah as people type it', () => {
    expect(parseMoney('Rp 1.500.000,00')).toBe(1_500_000);
    expect(parseMoney('1500000')).toBe(1_500_000);
    expect(parseMoney('satu juta')).toBeNull();
    expect(parseMoney('-5')).toBeNull();
  });

  it('keeps a civil date where it is and shows instants in the office’s zone', () => {
    expect(formatDate('2026-11-21')).toBe('21 Nov 2026');
    expect(formatInstant('2026-11-21T20:05:00Z')).toMatch(/22 Nov 2026.*03.05 WIB/);
  });

  it('counts whole years', () => {
    const today = new Date('2026-11-21T00:00:00Z');
    expect(ageAt('2000-11-21', today)).toBe(26);
    expect(ageAt('2000-11-22', today)).toBe(25);
    expect(ageAt(null, today)).toBeNull();
  });
});
