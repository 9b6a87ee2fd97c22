/** Somebody of one's own area who may be the person that is being entered. */
export interface LikelyPerson {
  /** Which person of the request; empty where there is only one. */
  pointer: string;
  id: string;
  household_id: string;
  name: string;
  nik_masked: string | null;
  sex: string | null;
  birth_date: string | null;
  birth_date_precision: string;
  mother_name: string | null;
  life_status: string;
  region_code: string;
  street: string | null;
  rt: string | null;
  rw: string | null;
  /** 0 to 1. */
  probability: number;
  band: 'certain' | 'likely' | 'possible';
  same_nik: boolean;
  comparisons: { field: string; agreement: 'same' | 'similar' | 'different' | 'unknown' }[];
}

/** What has been typed of a person so far. */
export interface Entered {
  name: string;
  nik?: string;
  sex?: string;
  birth_date?: string;
  mother_name?: string;
  /** Where the household is, in words. */
  address?: string;
}

/** Who was said to be somebody else, by id, and why. */
export type Distinct = Record<string, string>;
