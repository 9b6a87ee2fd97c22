import type { LocalizedText } from '~/api/types';

export const weekdays = ['1', '2', '3', '4', '5', '6', '7'] as const;
export const holidayKinds = ['national', 'collective_leave', 'local'] as const;

export interface Holiday {
  /** Civil date at the office. */
  date: string;
  name: LocalizedText;
  kind: string;
  /** Fixed by a decree; an estimate otherwise. */
  decreed: boolean;
  source?: string | null;
}

export interface CalendarSummary {
  id: string;
  code: string;
  name: LocalizedText;
  /** ISO weekdays: 1 is Monday. */
  working_weekdays: number[];
  is_default: boolean;
  version: number;
}

export interface Calendar extends CalendarSummary {
  holidays: Holiday[];
  can: string[];
}

/** Open deadlines that moved with the change. */
export interface Moved {
  problems: number;
  service_requests: number;
  referrals: number;
  decisions: number;
}

export interface CalendarChange {
  calendar: Calendar;
  moved: Moved;
}

export interface Mandate {
  id: string;
  need_code: string;
  service_code: string | null;
  organization_id: string;
  organization_name: string;
  calendar_id: string;
  /** Working days until it is due. */
  sla_days: number;
  emergency_days: number | null;
  decree: string | null;
  valid_from: string;
  valid_to: string | null;
  version: number;
  can: string[];
}

/** Holidays of one year, month by month, each month by date. */
export function byMonth(holidays: readonly Holiday[], year: string): [string, Holiday[]][] {
  const months = new Map<string, Holiday[]>();
  const sorted = holidays
    .filter((holiday) => holiday.date.startsWith(`${year}-`))
    .sort((a, b) => a.date.localeCompare(b.date));
  for (const holiday of sorted) {
    const month = holiday.date.slice(0, 7);
    months.set(month, [...(months.get(month) ?? []), holiday]);
  }
  return [...months];
}

/** ISO weekday of a civil date, `1` for Monday. */
export function weekdayOf(date: string): string {
  return String(new Date(`${date}T00:00:00Z`).getUTCDay() || 7);
}
