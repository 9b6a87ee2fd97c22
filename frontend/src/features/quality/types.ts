export const groups = ['field', 'source', 'district', 'region'] as const;
export type Group = (typeof groups)[number];
export const findings = ['missing', 'stale', 'conflict'] as const;
export type Finding = (typeof findings)[number];
export const sources = ['dtsen', 'p3ke', 'ppks', 'manual'] as const;
export const fields = [
  'family_card',
  'decile',
  'street',
  'neighbourhood',
  'coordinates',
  'members',
  'floor',
  'wall',
  'water',
  'toilet',
  'house_status',
  'nik',
  'birth_date',
  'sex',
  'mother_name',
  'phone',
  'relation',
  'marital_status',
  'school_participation',
  'working',
] as const;

export interface Count {
  key: string;
  subject_kind: string | null;
  records: number;
  filled: number;
  stale: number;
  conflicts: number;
  computed_at: string;
}

export interface QualityRecord {
  subject_kind: string;
  id: string;
  household_id: string;
  region_code: string;
  name: string | null;
  source: string;
  confirmed: string | null;
  said: { source: string; period: string; value: string | null }[];
}
