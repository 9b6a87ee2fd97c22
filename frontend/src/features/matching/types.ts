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
  note: string | null;
  created_by: string | null;
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
