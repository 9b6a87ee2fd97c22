export const kinds = ['person', 'nik', 'household'] as const;
export const statuses = ['open', 'later', 'distinct', 'proposed', 'merged', 'gone'] as const;

/** One record of a pair. */
export interface Side {
  id: string;
  household_id: string;
  region_code: string;
  name: string | null;
  number_masked: string | null;
  nik_status: string | null;
  birth_date: string | null;
  status: string;
  source: string;
  created_at: string;
  updated_at: string;
}

/** What hangs on a record, as far as the caller may see it. */
export interface Holdings {
  problems: number;
  referrals: number;
  awards: number;
  cases: number;
  amount_idr: number;
}

export interface Compared {
  field: string;
  a: string | null;
  b: string | null;
  agreement: 'same' | 'similar' | 'different' | 'unknown';
}

export interface Candidate {
  id: string;
  kind: (typeof kinds)[number];
  status: (typeof statuses)[number];
  /** One record lies outside the caller's area; of it nothing is shown. */
  with_coordinator: boolean;
  a: Side | null;
  b: Side | null;
  score: number | null;
  cluster: { id: string; size: number; alarm: boolean } | null;
  reason: string | null;
  decided_at: string | null;
  later_until: string | null;
  version: number;
  created_at: string;
  can: string[];
}

export interface Merge {
  id: string;
  status: string;
  survivor_id: string;
  merged_id: string;
  take_from_merged: string[];
  reason: string;
  second_word: boolean;
  proposed_by: string;
  proposed_at: string;
  decided_at: string | null;
  undone_at: string | null;
  undo_reason: string | null;
  kept: { kind: string; id: string; fields: string[] }[];
}

export interface Comparison extends Candidate {
  fields: Compared[];
  a_holds: Holdings | null;
  b_holds: Holdings | null;
  needs_second_word: boolean;
  merge: Merge | null;
}

export interface Run {
  id: string;
  operation_id: string;
  state: string;
  people: number;
  found: number;
  added: number;
  created_at: string;
  finished_at: string | null;
}

/** Steps that ask for a reason, with their keys and paths. */
export const steps = {
  distinct: { key: 'd', path: 'distinct' },
  merge: { key: 'm', path: 'merge' },
  later: { key: 'l', path: 'later' },
  reopen: { key: 'o', path: 'reopen' },
  'confirm-merge': { key: 'c', path: 'confirm-merge' },
  'reject-merge': { key: 'r', path: 'reject-merge' },
  'undo-merge': { key: 'u', path: 'undo-merge' },
} as const;
export type Step = keyof typeof steps;
export const stepNames = Object.keys(steps) as Step[];

/** Fields whose value may be taken from the record that is merged. */
export const takeable = [
  'name',
  'number',
  'sex',
  'birth_date',
  'mother_name',
  'phone',
  'marital_status',
  'address',
];
