import type { LocalizedText } from '~/api/types';

export interface RetentionClass {
  code: string;
  name: LocalizedText;
  /** What becomes of the data then. */
  action: string;
  after_days: number;
  /** Fewer days than this cannot be set. */
  least_days: number;
  basis: string;
  version: number;
  can: string[];
}

export interface LegalHold {
  id: string;
  household_id: string;
  individual_id: string | null;
  /** Null for callers who may not know names. */
  subject_name: string | null;
  reason: string | null;
  placed_at: string;
  lifted_at: string | null;
  lift_reason: string | null;
  version: number;
  can: string[];
}

export interface RetentionRun {
  id: string;
  status: string;
  as_of: string;
  /** Null until counted. */
  report: { class: string; count: number; held: number; examples: string[] }[] | null;
  /** Null until applied. */
  result: { class: string; destroyed: number }[] | null;
  requested_by: string;
  confirmed_at: string | null;
  cancelled_at: string | null;
  cancel_reason: string | null;
  version: number;
  created_at: string;
  can: string[];
}

export const working = (run: RetentionRun) =>
  run.status === 'reporting' || run.status === 'applying';

/** One line a class: what the report counted and, once applied, what went. */
export function linesOf(run: RetentionRun) {
  const gone = new Map((run.result ?? []).map((line) => [line.class, line.destroyed]));
  return (run.report ?? []).map((line) => ({ ...line, destroyed: gone.get(line.class) ?? null }));
}
