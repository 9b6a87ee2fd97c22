// Profiles of files as the service has them, and how a mapped sample becomes the next version of one.
import { isStatus } from '~/api/problem';
import type { LocalizedText } from '~/api/types';

export interface LayoutColumn {
  variable: string;
  /** The heading as a key: small letters and digits, words joined by `_`. */
  header: string;
  aliases?: string[];
  kind?: string;
  /** `source/version/heading` of another code map than the column's own. */
  map?: string | null;
  also?: unknown[];
  /** What the source writes → our code. */
  codes?: Record<string, string>;
}

export interface Layout {
  source: string;
  code_version: string;
  list?: string | null;
  types?: Record<string, string>;
  files: { file: string; required: string[][]; columns: LayoutColumn[] }[];
  [member: string]: unknown;
}

export interface ImportProfile {
  id: string;
  name: string;
  profile_version: number;
  origin: string;
  status: string;
  label: LocalizedText;
  list: string | null;
  parts: string[];
  sensitive: boolean;
  /** Null in lists. */
  definition?: Layout | null;
  /** Null for what comes with the service. */
  drafted_by: string | null;
  activated_by: string | null;
  activated_at: string | null;
  version: number;
  created_at: string;
  can: string[];
}

export interface SampleColumn {
  heading: string;
  key: string;
  variable: string | null;
  kind: string | null;
  known: boolean;
  look: string;
  /** Masked where they are anybody's own. */
  samples: string[];
}

export interface Sample {
  name: string;
  part: string;
  encoding: string;
  separator: string | null;
  header_row: number;
  columns: SampleColumn[];
  missing: string[];
  variables: string[];
}

/** What somebody chose for a heading: nothing means that the column is not read. */
export interface Choice {
  variable: string;
  codes: Record<string, string>;
}
export type Choices = Record<string, Choice>;

/** The variable of a list of needs whose words become the profile's types. */
export const NEED_TYPE = 'ppks_type';

const shared: Record<string, string> = {
  diploma: 'education_level',
  business_sector: 'job_sector',
  depression: 'depression_frequency',
  [NEED_TYPE]: 'ppks_types',
};
const functions =
  'seeing hearing walking hands remembering self_care communicating learning behaviour';
for (const name of functions.split(' ')) shared[name] = 'function_level';
const answers =
  'pbi_national pbi_regional owns_business nik_checked stunting_risk receives_pkh receives_sembako receives_bpnt receives_bpum receives_bst';
for (const name of answers.split(' ')) shared[name] = 'yes_no';
const own = new Set(
  'house_status floor wall roof water lighting power cooking toilet closet sewage sex relation marital_status occupation school_participation education_level working job_sector turnover nutrition illness'.split(
    ' ',
  ),
);

/** The code list that a variable's values come from; null where they are taken as written. */
export function listOf(variable: string): string | null {
  return shared[variable] ?? (own.has(variable) ? variable : null);
}

const inUse = (codes: Record<string, string>) =>
  Object.fromEntries(Object.entries(codes).filter(([, code]) => code !== ''));

/** Without the headings that the sample uses for something else; null where none is left. */
function freed(column: LayoutColumn, base: Layout, taken: Set<string>): LayoutColumn | null {
  const [header, ...aliases] = [column.header, ...(column.aliases ?? [])].filter(
    (heading) => !taken.has(heading),
  );
  if (header === undefined) return null;
  if (header === column.header) return { ...column, aliases };
  // The first heading is also the name in the code maps: with another one the map is named.
  const coded = !base.list && !column.map && listOf(column.variable) !== null;
  const map = coded ? { map: `${base.source}/${base.code_version}/${column.header}` } : {};
  return { ...column, ...map, header, aliases };
}

/**
 * The base with the sample's headings where somebody put them. `rows` names, for each column of the changed file, the
 * heading of the sample it came from; null where the sample has none.
 */
export function withSample(
  base: Layout,
  sample: Sample,
  choices: Choices,
): { layout: Layout; rows: (string | null)[] } {
  const at = Math.max(
    base.files.findIndex((file) => file.file === sample.part),
    0,
  );
  const rows: (string | null)[] = [];
  const columns: LayoutColumn[] = [];
  const put = (column: LayoutColumn, row: string | null) => {
    columns.push(column);
    rows.push(row);
  };
  const left = new Map(
    sample.columns.flatMap(({ key }) =>
      choices[key]?.variable ? [[key, choices[key]] as const] : [],
    ),
  );
  let types = base.types;
  const withCodes = (column: LayoutColumn, choice: Choice): LayoutColumn => {
    const codes = inUse(choice.codes);
    if (Object.keys(codes).length === 0) return column;
    if (choice.variable !== NEED_TYPE) return { ...column, codes: { ...column.codes, ...codes } };
    const words = Object.entries(codes).map(([word, code]) => [word.toLowerCase(), code]);
    types = { ...types, ...Object.fromEntries(words) };
    return column;
  };
  for (const column of base.files[at]?.columns ?? []) {
    const mine = [...left].find(([, choice]) => choice.variable === column.variable);
    const taken = new Set(sample.columns.map(({ key }) => key).filter((key) => key !== mine?.[0]));
    const kept = freed(column, base, taken);
    if (!mine) {
      if (kept) put(kept, null);
      continue;
    }
    const [key, choice] = mine;
    left.delete(key);
    const known = kept ?? { ...column, header: key, aliases: [] };
    const has = known.header === key || known.aliases?.includes(key);
    const aliases = has ? (known.aliases ?? []) : [key, ...(known.aliases ?? [])];
    put(withCodes({ ...known, aliases }, choice), key);
  }
  for (const [key, choice] of left) {
    const kind = sample.columns.find(
      (column) => column.key === key && column.variable === choice.variable,
    )?.kind;
    put(
      withCodes(
        { variable: choice.variable, header: key, aliases: [], ...(kind ? { kind } : {}) },
        choice,
      ),
      key,
    );
  }
  const there = new Set(columns.map((column) => column.variable));
  const files = base.files.map((file, index) =>
    index === at
      ? {
          ...file,
          columns,
          // A group keeps the variables that still have a column; one with none is what the service refuses.
          required: file.required
            .map((group) => group.filter((variable) => there.has(variable)))
            .filter((group) => group.length > 0),
        }
      : file,
  );
  return { layout: { ...base, ...(types ? { types } : {}), files }, rows };
}

export interface Faults {
  /** By heading of the sample: the member (`variable`, `codes`, …) and its code. */
  rows: Record<string, { member: string; value: string | null; code: string }[]>;
  /** What no heading stands for. */
  rest: { code: string; pointer: string; detail: string }[];
}

const unescaped = (part: string) => part.replace(/~1/g, '/').replace(/~0/g, '~');

/** A refusal, brought to the headings it speaks of. */
export function faultsOf(error: unknown, rows: (string | null)[], choices: Choices): Faults {
  const found: Faults = { rows: {}, rest: [] };
  if (!isStatus(error, 422)) return found;
  for (const { pointer, code, detail } of error.errors) {
    const column = /^\/definition\/files\/\d+\/columns\/(\d+)\/(\w+)(?:\/(.+))?$/.exec(pointer);
    const type = /^\/definition\/types\/(.+)$/.exec(pointer);
    const row = column
      ? rows[Number(column[1])]
      : type && Object.keys(choices).find((key) => choices[key]?.variable === NEED_TYPE);
    if (row) {
      const inside = column ? column[3] : type?.[1];
      const member = column?.[2] ?? 'codes';
      found.rows[row] ??= [];
      found.rows[row].push({ member, value: inside ? unescaped(inside) : null, code });
    } else if (pointer.startsWith('/definition')) found.rest.push({ code, pointer, detail });
  }
  return found;
}

/** Variables that a file of this kind cannot do without, as the service names them. */
export function missingOf(detail: string): string[] {
  return /^needs a column for (.+)$/.exec(detail)?.[1]?.split(' or ') ?? [];
}

export interface SourceTrust {
  field: string;
  source: string;
  rank: number;
  stale_months: number | null;
  version: number;
  updated_at: string;
}

export interface TrustProposal extends Omit<SourceTrust, 'updated_at'> {
  id: string;
  reason: string;
  status: string;
  proposed_by: string;
  decided_at: string | null;
  created_at: string;
  can: string[];
}
