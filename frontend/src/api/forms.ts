// Wire types of instruments (forms as data) and of the assessments filled in with them.
import type { LocalizedText, Subject } from './types';

export type Condition =
  | { op: 'yes' | 'no'; question: string }
  | { op: 'any_of'; question: string; codes: string[] }
  | { op: 'at_least' | 'at_most'; question: string; number: number }
  | { op: 'score_at_least'; score: string; points: number }
  | { op: 'all' | 'any'; conditions: Condition[] }
  | { op: 'not'; condition: Condition };

export type QuestionKind = 'yes_no' | 'choice' | 'choices' | 'integer' | 'money' | 'date' | 'text';

export interface Question {
  code: string;
  text: LocalizedText;
  help?: LocalizedText | null;
  kind: QuestionKind;
  required?: boolean;
  options?: { code: string; label: LocalizedText }[];
  min?: number | null;
  max?: number | null;
  when?: Condition | null;
}

export interface Section {
  code: string;
  title: LocalizedText;
  when?: Condition | null;
  questions: Question[];
}

export interface Score {
  code: string;
  name: LocalizedText;
  items: { when: Condition; points: number; label: LocalizedText }[];
  bands: { code: string; name: LocalizedText; from: number }[];
}

/** A need that answers point to. */
export interface Found {
  need_code: string;
  ppks_code?: string | null;
  severity: string;
}

export interface Definition {
  sections: Section[];
  scores?: Score[];
  findings?: (Found & { when: Condition })[];
}

export interface Instrument {
  id: string;
  code: string;
  revision: number;
  name: LocalizedText;
  description?: LocalizedText | null;
  subject_kind: string;
  sensitivity: string;
  source: string | null;
  status: string;
  /** Alone only. */
  definition?: Definition;
  activated_at: string | null;
  version: number;
  created_at: string;
  updated_at: string;
  can: string[];
}

export type Answers = Record<string, unknown>;

export interface SectionProgress {
  section: string;
  asked: number;
  answered: number;
  missing: string[];
}

export interface Scored {
  code: string;
  name: LocalizedText;
  points: number;
  most: number;
  band_code?: string | null;
  band?: LocalizedText | null;
  counted: { label: LocalizedText; points: number }[];
}

export interface Evaluation {
  progress: SectionProgress[];
  scores: Scored[];
  findings: Found[];
}

export interface Recommended extends Found {
  note?: string | null;
}

export interface Assessment {
  id: string;
  subject: Subject;
  subject_name: string | null;
  household_id: string;
  region_code: string;
  case_id: string | null;
  problem_id: string | null;
  instrument: {
    id: string;
    code: string;
    revision: number;
    name: LocalizedText;
    outdated: boolean;
  };
  kind: string;
  status: string;
  sensitivity: string;
  /** Alone, and only for who may know them. */
  answers?: Answers;
  /** Alone only. */
  evaluation?: Evaluation;
  conclusion: string | null;
  recommended: Recommended[];
  /** Alone only: what the signature did to problems. */
  effects?: { problem_id: string; effect: string }[];
  author_id: string;
  author_name: string;
  str_number: string | null;
  str_valid_until: string | null;
  signed_at: string | null;
  /** As signed; empty for a draft. */
  scores: {
    code: string;
    name: LocalizedText;
    points: number;
    most: number;
    band: LocalizedText | null;
  }[];
  countersigned_by: string | null;
  countersigned_by_name: string | null;
  countersigned_at: string | null;
  return_reason: string | null;
  amends_id: string | null;
  revision: number;
  version: number;
  created_at: string;
  updated_at: string;
  can: string[];
}
