// Civil days as text; no clock of the browser's own zone comes in.

export function shift(day: string, by: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return day;
  date.setUTCDate(date.getUTCDate() + by);
  return date.toISOString().slice(0, 10);
}

/** Monday to Sunday of the week of a day. */
export function weekOf(day: string): string[] {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  const monday = shift(day, weekday === 0 ? -6 : 1 - weekday);
  return Array.from({ length: 7 }, (_, n) => shift(monday, n));
}
