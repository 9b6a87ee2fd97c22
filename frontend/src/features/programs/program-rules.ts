// Pure: between the form's values and the wire.
import type { BenefitTier, LocalizedText, Program } from '~/api/types';
import type { Flat } from '~/ui/Conflict';
import { formatNumber, parseMoney } from '~/ui/format';

export interface ProgramValues {
  code: string;
  name_id: string;
  name_en: string;
  description_id: string;
  description_en: string;
  organization_id: string;
  pillar: string;
  needs: string[];
  access_mode: string;
  kind: string;
  unit: string;
  value: string;
  period: string;
  /** One a line: `SD/MI | Primary school = 450.000`. */
  tiers: string;
  overlap_class: string;
  claim_unit: string;
  areas: string[];
  documents: string[];
  legal_basis: string;
  how_to_apply: string;
}

export const emptyProgram: ProgramValues = {
  code: '',
  name_id: '',
  name_en: '',
  description_id: '',
  description_en: '',
  organization_id: '',
  pillar: '',
  needs: [],
  access_mode: 'referral',
  kind: '',
  unit: '',
  value: '',
  period: 'once',
  tiers: '',
  overlap_class: '',
  claim_unit: 'person',
  areas: [],
  documents: [],
  legal_basis: '',
  how_to_apply: '',
};

/** Both languages; Indonesian stands in where English is left out. Nothing at all is no text. */
function label(id: unknown, en: unknown): LocalizedText | null {
  const [first, second] = [String(id ?? '').trim(), String(en ?? '').trim()];
  return first || second ? { id: first || second, en: second || first } : null;
}

const text = (value: unknown): string | null => String(value ?? '').trim() || null;

export function programBody(values: ProgramValues) {
  const optional = {
    description: label(values.description_id, values.description_en),
    overlap_class: text(values.overlap_class),
    legal_basis: text(values.legal_basis),
    how_to_apply: text(values.how_to_apply),
  };
  return {
    code: values.code.trim(),
    name: label(values.name_id, values.name_en),
    organization_id: values.organization_id,
    pillar: values.pillar,
    needs: values.needs,
    access_mode: values.access_mode,
    benefit: benefit({ ...values }),
    claim_unit: values.claim_unit,
    areas: values.areas,
    documents: values.documents,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== null)),
  };
}

function benefit(values: Flat) {
  return {
    kind: values.kind,
    // What is counted; one for each recipient unless the office says otherwise.
    unit: text(values.unit) ?? values.claim_unit,
    value_idr: parseMoney(String(values.value)) ?? 0,
    period: values.period,
    tiers: readTiers(String(values.tiers ?? '')) ?? [],
  };
}

/** Values by whom they are for, written one a line; null where a line cannot be read. */
export function readTiers(text: string): BenefitTier[] | null {
  const tiers: BenefitTier[] = [];
  for (const line of text.split('\n').filter((one) => one.trim())) {
    const [names = '', amount] = line.split('=');
    const [id = '', en] = names.split('|').map((one) => one.trim());
    const value = parseMoney(amount ?? '');
    if (!id || !value || line.split('=').length > 2) return null;
    const stem =
      (en || id)
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '_')
        .replace(/^_|_$/g, '') || 'tier';
    const taken = tiers.some((tier) => tier.code === stem);
    const code = taken ? `${stem}_${tiers.length + 1}` : stem;
    tiers.push({ code: code.slice(0, 60), name: { id, en: en || id }, value_idr: value });
  }
  return tiers;
}

function writeTiers(tiers: BenefitTier[]): string {
  const names = ({ id, en }: LocalizedText) => (en && en !== id ? `${id} | ${en}` : id);
  return tiers.map((tier) => `${names(tier.name)} = ${formatNumber(tier.value_idr)}`).join('\n');
}

/** What the edit form shows of a program. Code and organization stay as they are. */
export function flattenProgram(program: Program): ProgramValues {
  return {
    code: program.code,
    name_id: program.name.id,
    name_en: program.name.en ?? '',
    description_id: program.description?.id ?? '',
    description_en: program.description?.en ?? '',
    organization_id: program.organization_id,
    pillar: program.pillar,
    needs: [...program.needs].sort(),
    access_mode: program.access_mode,
    kind: program.benefit.kind,
    unit: program.benefit.unit,
    value: formatNumber(program.benefit.value_idr),
    period: program.benefit.period,
    tiers: writeTiers(program.benefit.tiers),
    overlap_class: program.overlap_class ?? '',
    claim_unit: program.claim_unit,
    areas: [...program.areas].sort(),
    documents: [...program.documents].sort(),
    legal_basis: program.legal_basis ?? '',
    how_to_apply: program.how_to_apply ?? '',
  };
}

/** Lists in one order and money in one form, so that only real changes are changes. */
export function tidyProgram(values: ProgramValues): ProgramValues {
  const amount = parseMoney(values.value);
  return {
    ...values,
    needs: [...values.needs].sort(),
    areas: [...values.areas].sort(),
    documents: [...values.documents].sort(),
    value: amount === null ? values.value : formatNumber(amount),
  };
}

/** The merge-patch of the fields that differ. A name and a benefit go whole, filled up from `base`. */
export function programPatch(fields: Flat, base: Flat): Record<string, unknown> {
  const all: Flat = { ...base, ...fields };
  const patch: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (key.startsWith('name_')) patch.name = label(all.name_id, all.name_en);
    else if (key.startsWith('description_'))
      patch.description = label(all.description_id, all.description_en);
    else if (['kind', 'unit', 'value', 'period', 'tiers'].includes(key))
      patch.benefit = benefit(all);
    else if (['overlap_class', 'legal_basis', 'how_to_apply'].includes(key))
      patch[key] = text(value);
    else patch[key] = value;
  }
  return patch;
}

/** Where the service's pointer of a refused value stands in the form. */
export function formField(pointer: string): string {
  return (
    {
      'name.id': 'name_id',
      'name.en': 'name_en',
      'description.id': 'description_id',
      'description.en': 'description_en',
      'benefit.kind': 'kind',
      'benefit.value_idr': 'value',
      'benefit.unit': 'unit',
      'benefit.period': 'period',
    }[pointer] ??
    (pointer.startsWith('benefit.tiers') ? 'tiers' : undefined) ??
    pointer.replace(/\.\d+$/, '')
  );
}
