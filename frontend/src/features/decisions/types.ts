// The wire types of decisions.
export interface DecisionAnswer {
  id: string;
  said: string | null;
  channel: string;
  at: string;
}

export interface Decision {
  id: string;
  effect: 'stop_benefit' | 'reject_request';
  referral_id: string | null;
  service_request_id: string | null;
  about: { id: string; en: string };
  household_id: string;
  subject_name: string | null;
  region_code: string;
  sensitivity: string;
  reason_code: string;
  reasons: string | null;
  legal_basis: string | null;
  status: string;
  proposed_at: string;
  notice_channel: string | null;
  notified_at: string | null;
  answer_days: number | null;
  answer_due_on: string | null;
  effective_on: string | null;
  answers: DecisionAnswer[];
  confirmed_at: string | null;
  in_effect_at: string | null;
  ended_reason: string | null;
  reversed_at: string | null;
  restored_referral_id: string | null;
  version: number;
  can: string[];
}

export const statuses = [
  'proposed',
  'notified',
  'confirmed',
  'in_effect',
  'reversed',
  'withdrawn',
  'lapsed',
] as const;
