// Wire types of rules and matches, named once.
import type { LocalizedText } from '~/api/types';
import type { Clause } from './rule-tree';

export interface Finding {
  pointer: string;
  code: string;
  detail: string;
}

export interface ProgramRule {
  program_id: string;
  /** 0 where none has been written. */
  version: number;
  rule: Clause | null;
  sentence: LocalizedText | null;
  warnings: Finding[];
  updated_at: string | null;
  can: string[];
}

export interface RuleVersion {
  version: number;
  rule: Clause;
  sentence: LocalizedText | null;
  /** Against the version before it; null for the first. */
  difference: { added: LocalizedText[]; removed: LocalizedText[] } | null;
  note: string | null;
  created_by: string | null;
  author_name: string | null;
  created_at: string;
}

export interface RuleFact {
  name: string;
  subject: 'household' | 'member';
  kind: 'bool' | 'int' | 'money' | 'code' | 'date';
  list: string | null;
  unit: string | null;
  min: number | null;
  max: number | null;
  label: LocalizedText;
  codes: { code: string; label: LocalizedText; restricted: boolean }[];
}

export interface RuleCheck {
  errors: Finding[];
  warnings: Finding[];
  sentence: LocalizedText | null;
}

export interface RegionMatches {
  region_code: string;
  region_name: string;
  /** Null where the number is too small for this reader. */
  eligible: number | null;
  needs_data: number | null;
}

export interface RulePreview {
  added: number | null;
  removed: number | null;
  before: RegionMatches;
  after: RegionMatches;
  districts: {
    region_code: string;
    region_name: string;
    added: number | null;
    removed: number | null;
  }[];
  added_examples: string[];
  removed_examples: string[];
  warnings: Finding[];
  sentence: LocalizedText;
}

export type Outcome = 'eligible' | 'ineligible' | 'needs_data';

export interface MatchedProgram {
  id: string;
  code: string;
  name: LocalizedText;
  access_mode: string;
  claim_unit: string;
}

export interface DecidingClause {
  pointer: string;
  truth: 'true' | 'false' | 'unknown';
  member_id: string | null;
  phrase: LocalizedText;
}

export interface MissingFact {
  fact: string;
  label: LocalizedText;
  pointer: string;
  member_id: string | null;
  why: string;
  documents: string[];
}

export interface LawfulChange {
  kind: string;
  pointer: string;
  fact: string | null;
  member_id: string | null;
  documents: string[];
  on: string | null;
}

export interface HouseholdMatch {
  household_id: string;
  program: MatchedProgram;
  outcome: Outcome;
  rule_version: number;
  deciding: DecidingClause[];
  missing: MissingFact[];
  member_ids: string[];
  valid_until: string | null;
  evaluated_at: string;
}

export interface MatchExplanation {
  match: HouseholdMatch;
  sentence: LocalizedText;
  changes: LawfulChange[];
  stored: Outcome | null;
}

export interface ProgramMatch {
  household_id: string;
  head_name: string | null;
  region_code: string;
  decile: number | null;
  members_count: number;
  outcome: Outcome;
  rule_version: number;
  evaluated_at: string;
}

export interface MatchCounts {
  program_id: string;
  eligible: number | null;
  needs_data: number | null;
  rule_version: number | null;
  evaluated_at: string | null;
  districts: RegionMatches[];
  villages: RegionMatches[];
}

export interface MissingFactCount {
  region_code: string;
  region_name: string;
  fact: string;
  label: LocalizedText;
  verdicts: number;
  programs: number;
}
