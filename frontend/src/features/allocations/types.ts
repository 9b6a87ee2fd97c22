import type { LocalizedText } from '~/api/types';

export const policies = ['optimal', 'greedy', 'first_come'] as const;
export const statuses = [
  'draft',
  'proposed',
  'approved',
  'executing',
  'executed',
  'cancelled',
  'failed',
] as const;
export const tiers = ['emergency', 'duty', 'regular'] as const;
export const reasons = [
  'no_program',
  'ask_first',
  'no_source',
  'no_seat',
  'no_money',
  'others_first',
  'class_held',
  'household_cap',
] as const;
export const lineStatuses = ['planned', 'sent', 'skipped', 'cancelled'] as const;
export const weightNames = ['severity', 'decile', 'vulnerability', 'waiting'] as const;
export type WeightName = (typeof weightNames)[number];
export type Weights = Record<WeightName, number>;

export interface Counts {
  needs: number;
  households: number;
  pairs: number;
  cycles: number;
  lines: number;
  amount_idr: number;
  left_out: number;
  needs_data: number;
  stale_programs: number;
}

export interface Tier {
  tier: (typeof tiers)[number];
  needs: number;
  lines: number;
  amount_idr: number;
  value: number;
  upper_bound: number;
  /** Part of the bound that is not reached, 0 to 1. */
  gap: number;
  complete: boolean;
}

export interface Reason {
  reason: (typeof reasons)[number];
  needs: number;
  share: number;
}

export interface Execution {
  planned: number;
  sent: number;
  sent_idr: number;
  skipped: number;
  replacing: number;
  cancelled: number;
}

export interface Plan {
  id: string;
  name: string;
  policy: (typeof policies)[number];
  sensitivity: string;
  what_if: boolean;
  status: (typeof statuses)[number];
  parameters: {
    program_ids: string[] | null;
    funding_source_ids: string[] | null;
    weights: Weights;
    awards_per_household: number;
    extra_budgets: { funding_source_id: string; amount_idr: number }[];
  };
  seed_commitment: string;
  seed: string | null;
  operation_id: string;
  as_of: string | null;
  input_sha256: string | null;
  result_sha256: string | null;
  solved_at: string | null;
  counts: Counts | null;
  value: number | null;
  upper_bound: number | null;
  gap: number | null;
  complete: boolean | null;
  tiers: Tier[];
  left_out: Reason[];
  execution: Execution;
  created_by: string;
  created_by_name: string;
  created_at: string;
  proposed_by: string | null;
  proposed_at: string | null;
  approved_by: string | null;
  approved_at: string | null;
  executed_at: string | null;
  ended_at: string | null;
  reason: string | null;
  error: { code?: string; title?: string } | null;
  version: number;
  can: string[];
}

export interface Need {
  id: string;
  problem_id: string;
  household_id: string;
  /** Null for callers who may not know names. */
  subject_name: string | null;
  region_code: string;
  need_code: string;
  severity: string;
  program_id: string | null;
  program_name: LocalizedText | null;
  tier: Tier['tier'];
  rank: number;
  score: number;
  points: Weights;
}

export interface Line extends Need {
  funding_source_id: string | null;
  funding_source_name: string | null;
  amount_idr: number;
  status: (typeof lineStatuses)[number];
  referral_id: string | null;
  skipped_code: string | null;
  replaces_id: string | null;
  ended_at: string | null;
}

export interface LeftOut extends Need {
  reason: Reason['reason'];
  promoted_at: string | null;
}

/** Points for one more: of a budget by the million rupiah or the item, of seats by the seat. */
export interface Price {
  tier: Tier['tier'];
  points: number;
}

export interface Budget {
  funding_source_id: string;
  funding_source_name: string;
  cycle_id: string | null;
  program_name: LocalizedText | null;
  kind: string;
  unit: string;
  amount: number;
  planned: number;
  prices: Price[];
}

export interface Seats {
  cycle_id: string;
  cycle_name: string;
  program_id: string;
  program_name: LocalizedText;
  cost_idr: number;
  candidates: number;
  seats_left: number;
  planned: number;
  prices: Price[];
}

export interface Supply {
  budgets: Budget[];
  seats: Seats[];
}

export interface Group {
  key: string;
  name: string | null;
  needs: number;
  served: number;
  ask_first: number;
  amount_idr: number;
  share: number;
}

export interface FairnessTable {
  dimension: string;
  groups: Group[];
}

export interface Side {
  id: string;
  name: string;
  policy: Plan['policy'];
  status: Plan['status'];
  what_if: boolean;
  counts: Counts;
  value: number;
  upper_bound: number;
  gap: number;
  tiers: Tier[];
  left_out: Reason[];
  fairness: FairnessTable[];
}

export interface Comparison {
  plan: Side;
  other: Side;
  same_input: boolean;
  served_by_both: number;
  served_by_plan: number;
  served_by_other: number;
  same_program: number;
}

/** Still being calculated, or being carried out: asked again until it is over. */
export const working = (plan: Plan) =>
  plan.status === 'executing' || (plan.status === 'draft' && plan.solved_at === null);
