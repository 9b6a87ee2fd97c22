// Money, dates and numbers as an Indonesian office writes them; English words only change the
// month's name. Instants are shown in the office's zone, never in the browser's.
import type { Language } from '~/app/prefs';
import { currentLanguage } from '~/i18n';

const ZONE = 'Asia/Jakarta';
const cache = new Map<string, Intl.DateTimeFormat>();

function dateFormat(language: Language, kind: 'date' | 'time' | 'month', utc: boolean) {
  const key = `${language}.${kind}.${utc}`;
  let format = cache.get(key);
  if (!format) {
    const options: Intl.DateTimeFormatOptions =
      kind === 'month'
        ? { month: 'long', year: 'numeric' }
        : { day: 'numeric', month: 'short', year: 'numeric' };
    if (kind === 'time') Object.assign(options, { hour: '2-digit', minute: '2-digit' });
    format = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'id-ID', {
      ...options,
      hour12: false,
      timeZone: utc ? 'UTC' : ZONE,
    });
    cache.set(key, format);
  }
  return format;
}

/** A civil date such as `2026-11-21`: `21 Nov 2026`, the same in every time zone. */
export function formatDate(date: string | null | undefined): string {
  if (!date) return '–';
  const day = /^\d{4}-\d{2}-\d{2}$/.test(date);
  const value = new Date(day ? `${date}T00:00:00Z` : date);
  if (Number.isNaN(value.getTime())) return date;
  return dateFormat(currentLanguage(), 'date', day).format(value);
}

/** Today's civil date at the office, as `2026-11-21`. */
export function officeToday(now = new Date()): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: ZONE }).format(now);
}

/** An instant: `21 Nov 2026, 14.05 WIB`. */
export function formatInstant(instant: string | null | undefined): string {
  if (!instant) return '–';
  const value = new Date(instant);
  if (Number.isNaN(value.getTime())) return instant;
  return `${dateFormat(currentLanguage(), 'time', false).format(value)} WIB`;
}

/** A period such as `2026-10`: `Oktober 2026`. */
export function formatPeriod(period: string | null | undefined): string {
  if (!period) return '–';
  if (!/^\d{4}-\d{2}$/.test(period)) return period;
  return dateFormat(currentLanguage(), 'month', true).format(new Date(`${period}-01T00:00:00Z`));
}

const number = new Intl.NumberFormat('id-ID');
const compact = new Intl.NumberFormat('id-ID', { notation: 'compact', maximumFractionDigits: 1 });

export function formatNumber(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : number.format(value);
}

/** `Rp 1.234.567`; the space does not break. */
export function formatMoney(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  return `${value < 0 ? '−' : ''}Rp\u00a0${number.format(Math.abs(value))}`;
}

export function formatMoneyShort(value: number): string {
  return `Rp\u00a0${compact.format(value)}`;
}

/** Reads what a person types as rupiah: `1.500.000`, `Rp 1.500.000,00`, `1500000`. */
export function parseMoney(text: string): number | null {
  const cleaned = text
    .replace(/^\s*rp\.?/i, '')
    .replace(/,\d{0,2}\s*$/, '')
    .replace(/[\s.\u00a0]/g, '');
  if (!/^\d+$/.test(cleaned)) return null;
  const value = Number(cleaned);
  return Number.isSafeInteger(value) ? value : null;
}

export function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  return `${Math.floor(seconds / 60)} m ${Math.round(seconds % 60)} s`;
}

/** Whole years at a date; null when the birth date is unknown. */
export function ageAt(birthDate: string | null | undefined, today = new Date()): number | null {
  if (!birthDate) return null;
  const born = new Date(`${birthDate.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(born.getTime())) return null;
  let age = today.getUTCFullYear() - born.getUTCFullYear();
  const month = today.getUTCMonth() - born.getUTCMonth();
  if (month < 0 || (month === 0 && today.getUTCDate() < born.getUTCDate())) age -= 1;
  return age < 0 ? null : age;
}
