// Wire types of cases, visits, tasks and workload.
import type { LocalizedText } from '~/api/types';

export const stages = [
  'new',
  'screening',
  'assessment',
  'planning',
  'intervention',
  'evaluation',
  'terminated',
  'aftercare',
  'closed',
] as const;

export interface PlanAction {
  text: string;
  responsible: string;
  organization_id?: string | null;
  due_date?: string | null;
  cost_idr?: number | null;
  status: 'planned' | 'doing' | 'done' | 'dropped';
}

export interface Goal {
  text: string;
  need_code?: string | null;
  target_date?: string | null;
  status: 'open' | 'met' | 'dropped';
  actions: PlanAction[];
}

export interface CaseWorker {
  account_id: string;
  name: string;
  duty: 'lead' | 'co_worker' | 'supervisor';
  from_at: string;
  until_date: string | null;
  str_expired: boolean;
}

export interface CaseRecord {
  id: string;
  household_id: string;
  head_name: string | null;
  region_code: string;
  stage: string;
  stage_before: string | null;
  stage_since: string;
  emergency: boolean;
  sensitivity: 'open' | 'restricted';
  weight: number;
  lead_name: string | null;
  assignments?: CaseWorker[];
  problem_ids?: string[];
  plan?: { goals: Goal[] };
  plan_agreed_date: string | null;
  next_action_date: string | null;
  next_visit_date: string | null;
  assessment_due_at: string | null;
  outcome_code: string | null;
  reason: string | null;
  opened_at: string;
  closed_at: string | null;
  reopened: number;
  version: number;
  updated_at: string;
  next_stages: string[];
  can: string[];
}

export interface Visit {
  id: string;
  case_id: string;
  household_id: string;
  head_name: string | null;
  region_code: string;
  kind: string;
  planned_date: string;
  account_id: string;
  account_name: string;
  status: string;
  done_date: string | null;
  purpose: string | null;
  note: string | null;
  version: number;
  can: string[];
}

export interface CaseEvent {
  id: string;
  event: string;
  from_stage: string | null;
  to_stage: string | null;
  account_name: string | null;
  note: string | null;
  actor_name: string | null;
  at: string;
}

export interface Worker {
  account_id: string;
  name: string;
  open_cases: number;
  caseload: number;
  late_visits: number;
  open_assessments: number;
  str_valid_until: string | null;
  str_expired: boolean;
}

export interface Task {
  kind: string;
  subject_kind: 'visit' | 'assessment' | 'case' | 'problem' | 'decision' | 'break_glass';
  subject_id: string;
  case_id: string | null;
  household_id: string;
  subject_name: string | null;
  title: LocalizedText | null;
  need_code: string | null;
  due_date: string | null;
  late: boolean;
  since: string;
}
