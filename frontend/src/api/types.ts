// The wire types the screens use, named once.
import type { ReferralReceiver } from './referral-types';

export interface LocalizedText {
  id: string;
  en?: string | null;
}

export interface PageInfo {
  next_cursor?: string | null;
  has_more: boolean;
  limit: number;
}

export interface Page<T> {
  data: T[];
  page: PageInfo;
}

interface Resource {
  id: string;
  version: number;
  can: string[];
  created_at?: string;
  updated_at: string;
}

export interface Region {
  code: string;
  name: string;
  level: string;
  parent_code?: string | null;
  /** Centre, WGS84 degrees; null where it is not known. */
  lat: number | null;
  lng: number | null;
  /** Of the city this installation serves. */
  in_city: boolean;
}

export interface CodeEntry {
  code: string;
  name: LocalizedText;
  sensitivity: string;
  sort: number;
  attrs?: Record<string, unknown>;
  since_version: number;
  retired_in_version: number | null;
}

export interface CodeList {
  slug: string;
  name: LocalizedText;
  version: number;
  source?: string;
  /** Alone only. */
  can?: string[];
  entries?: CodeEntry[];
  /** In lists only. */
  entries_count?: number;
}

export interface Organization extends Resource {
  code: string;
  name: string;
  kind: string;
  status: string;
  registration_number?: string | null;
  registration_expires_on?: string | null;
  agreement_number?: string | null;
  agreement_from?: string | null;
  agreement_until?: string | null;
  agreement_fields?: string[];
  papers_valid?: boolean;
  open_referrals?: number | null;
  email?: string | null;
  phone?: string | null;
  address?: string | null;
}

export interface Grant {
  id: string;
  role: string;
  scope_kind: string;
  scope_ref?: string | null;
  duties: string[];
  from_date: string;
  to_date?: string | null;
  status: string;
}

export interface AccountView extends Resource {
  username: string;
  display_name: string;
  email?: string | null;
  status: string;
  str_number?: string | null;
  str_valid_until?: string | null;
  totp_enabled: boolean;
  grants: Grant[];
}

export interface CreatedAccount extends AccountView {
  /** Shown once, where the service made the password. */
  initial_password: string | null;
}

export interface ClientView {
  id: string;
  client_id: string;
  name: string;
  organization_id: string | null;
  scopes: string[];
  status: string;
  version: number;
  created_at: string;
  updated_at: string;
}

export interface ClientWithSecret extends ClientView {
  /** Shown once. */
  client_secret: string;
}

export interface SavedView extends Resource {
  screen: string;
  name: string;
  sharing: 'mine' | 'team';
  filter: Record<string, string>;
  sort: string | null;
  columns: string[] | null;
  own: boolean;
  owner_name: string;
}

export interface AccessEntry {
  id: string;
  at: string;
  action: string;
  actor_name: string | null;
  purpose: string | null;
  fields: string[];
}

export interface HouseholdSummary extends Resource {
  region_code: string;
  head_name?: string | null;
  members_count: number;
  members_complete: boolean;
  decile?: number | null;
  status: string;
  family_card_masked?: string | null;
  merged_into?: string | null;
  kind?: string;
  source?: string;
}

export interface Addresses {
  registered_address: string | null;
  registered_rt: string | null;
  registered_rw: string | null;
  registered_region_code: string | null;
  street: string | null;
  rt: string | null;
  rw: string | null;
  lat: number | null;
  lng: number | null;
}

export interface Individual extends Resource {
  household_id: string;
  /** Null for callers who may not know names. */
  name: string | null;
  nik_masked: string | null;
  nik_status?: string | null;
  sex?: string | null;
  birth_date?: string | null;
  birth_date_precision: string;
  mother_name?: string | null;
  relation?: string | null;
  marital_status?: string | null;
  phone?: string | null;
  life_status: string;
  facts?: Record<string, unknown>;
  accommodations?: Record<string, unknown>;
}

export interface WelfareSnapshot {
  source: string;
  period: string;
  decile_national?: number | null;
  decile_province?: number | null;
  decile_city?: number | null;
  facts?: Record<string, unknown>;
  received_at: string;
}

export interface Identifier {
  id?: string;
  kind: string;
  value_masked: string;
  source: string;
  status: string;
  valid_from?: string | null;
  valid_to?: string | null;
}

export interface HouseholdDetail extends HouseholdSummary {
  declared_members?: number | null;
  head_id?: string | null;
  addresses: Addresses;
  /** What this caller may not know yet: address, phone. */
  withheld: string[];
  housing: Record<string, unknown>;
  assets: Record<string, unknown>;
  note?: string | null;
  members: Individual[];
  snapshots: WelfareSnapshot[];
  identifiers: Identifier[];
}

export interface TimelineEvent {
  id: string;
  at: string;
  kind: string;
  actor_name?: string | null;
  detail?: Record<string, unknown>;
}

export interface Subject {
  kind: string;
  id: string;
}

export interface Problem extends Resource {
  subject: Subject;
  household_id: string;
  subject_name?: string | null;
  region_code?: string | null;
  need_code: string;
  ppks_code?: string | null;
  severity: string;
  source: string;
  status: string;
  description?: string | null;
  onset_date?: string | null;
  sensitivity?: string;
  reason_code?: string | null;
  responsible_organization_id: string | null;
  responsible_organization_name: string | null;
  due_on: string | null;
  detected_by_rule?: string | null;
  reported_at: string;
  verified_at?: string | null;
  closed_at?: string | null;
}

export interface BreakGlass {
  id: string;
  subject_kind: string;
  account_name: string;
  reason: string | null;
  opened_at: string;
  open: boolean;
  finding: string | null;
  version: number;
  can: string[];
}

export interface Correction {
  id: string;
  subject: Subject;
  subject_name: string | null;
  household_id: string;
  fact: string;
  recorded_value: string | null;
  claimed_value: string;
  explanation: string;
  status: string;
  submitted_at: string;
  examined_at: string | null;
  decision_reason: string | null;
  version: number;
  can: string[];
}

export interface DetectionRule {
  code: string;
  need_code: string;
  says: LocalizedText;
}

export interface Evidence {
  id: string;
  name: string;
  caption: string | null;
  media_type: string;
  bytes: number;
  created_at: string;
  can: string[];
}

export interface Benefit {
  kind: string;
  unit: string;
  value_idr: number;
  period: string;
  /** Values that differ by whom it is for; empty: one for all. */
  tiers: BenefitTier[];
}

export interface BenefitTier {
  code: string;
  name: LocalizedText;
  value_idr: number;
}

export interface Program extends Resource {
  code: string;
  name: LocalizedText;
  description?: LocalizedText | null;
  organization_id: string;
  organization_name?: string;
  pillar: string;
  needs: string[];
  access_mode: string;
  benefit: Benefit;
  overlap_class?: string | null;
  claim_unit: string;
  areas: string[];
  documents: string[];
  legal_basis?: string | null;
  how_to_apply?: string | null;
  status: string;
  return_reason?: string | null;
}

export interface Cycle extends Resource {
  program_id: string;
  name: string;
  starts_on: string;
  ends_on: string;
  seat_kind: string;
  seats: number;
  /** Null where the caller may not know it. */
  seats_taken: number | null;
  status: string;
}

export interface Balance {
  pledged: number;
  available: number;
  allotted: number;
  reserved: number;
  committed: number;
  disbursed: number;
  lapsed: number;
}

export interface CycleBalance {
  cycle_id: string;
  program_id: string;
  balance: Balance;
}

export interface FundingSource extends Resource {
  code: string;
  kind: string;
  organization_id: string;
  organization_name?: string;
  fiscal_year: number;
  name: string;
  unit?: string;
  status?: string;
  closed_at?: string | null;
  balance: Balance;
}

export interface FundingProposal {
  id: string;
  funding_source_id: string;
  kind: string;
  amount: number | null;
  unit: string;
  rest: 'lapse' | 'carry_over' | null;
  reference: string | null;
  reason: string | null;
  status: string;
  proposed_by_name: string;
  proposed_at: string;
  can: string[];
}

export interface LedgerLine {
  id: string;
  at: string;
  kind: string;
  amount: number;
  lines: { bucket: string; amount: number }[];
  cycle_id?: string | null;
  referral_id?: string | null;
  reference?: string | null;
  reason?: string | null;
}

export type { ReferralEvent, ReferralReceiver } from './referral-types';

export interface Referral extends Resource {
  problem_id: string;
  /** Null for whoever may not open the household. */
  household_id: string | null;
  individual_id?: string | null;
  subject_kind: string;
  region_code: string;
  severity: string;
  program_id: string;
  program_name: LocalizedText;
  to_organization_name: string;
  cycle_id: string;
  funding_source_id?: string | null;
  to_organization_id: string;
  status: string;
  amount_idr: number;
  note?: string | null;
  reason_code?: string | null;
  outcome_code?: string | null;
  due_at?: string | null;
  scheduled_on?: string | null;
  subject_name: string | null;
  need_code: string;
  receiver: ReferralReceiver;
  disclosed_fields: string[];
}

export interface ImportCounts {
  rows?: number;
  accepted?: number;
  repaired?: number;
  warned?: number;
  dropped?: number;
  conflicts?: number;
  rejected?: number;
}

export interface ImportRun extends Resource {
  status: string;
  profile: string;
  period: string;
  operation_id?: string | null;
  counts: ImportCounts;
  files?: { file: string; name?: string }[];
  error?: {
    code: string;
    file: string | null;
    row: number | null;
    message: LocalizedText;
  } | null;
  applied?: {
    households_created: number;
    households_updated: number;
    individuals_created: number;
    individuals_updated: number;
  } | null;
  created_at: string;
}

export interface ImportIssue {
  id: string | number;
  file: string;
  row: number;
  column?: string | null;
  code: string;
  verdict: string;
  value_masked?: string | null;
  message: LocalizedText;
}

export interface Operation {
  id: string;
  kind: string;
  state: string;
  progress: { done: number; total?: number | null; unit: string };
  result?: unknown;
  error?: { code?: string; title?: string; detail?: string } | null;
}

export interface Export {
  id: string;
  resource: string;
  format: string;
  status: string;
  operation_id: string;
  row_count: number | null;
  created_at: string;
}
