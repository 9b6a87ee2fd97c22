import { describe, expect, it } from 'vitest';
import { emptyProgram, formField, programBody, programPatch, readTiers } from './program-rules';

const base = {
  ...emptyProgram,
  code: 'BEASISWA',
  name_id: 'Beasiswa',
  name_en: 'Scholarship',
  kind: 'scholarship',
  unit: 'semester',
  value: '1.500.000',
  period: 'yearly',
};

describe('a program between form and wire', () => {
  it('is created with what was filled in, and no empty text', () => {
    const body = programBody({ ...base, name_en: '', unit: '' });
    expect(body).toMatchObject({
      name: { id: 'Beasiswa', en: 'Beasiswa' },
      benefit: { unit: 'person', value_idr: 1_500_000 },
      areas: [],
    });
    expect(body).not.toHaveProperty('legal_basis');
    expect(body).not.toHaveProperty('description');
  });

  it('is patched with what changed; a benefit goes whole and keeps its unit', () => {
    expect(programPatch({ value: '2.000.000' }, { ...base })).toEqual({
      benefit: {
        kind: 'scholarship',
        unit: 'semester',
        value_idr: 2_000_000,
        period: 'yearly',
        tiers: [],
      },
    });
    expect(programPatch({ name_en: 'Grant' }, { ...base })).toEqual({
      name: { id: 'Beasiswa', en: 'Grant' },
    });
    expect(programPatch({ legal_basis: ' ', needs: ['pangan'] }, { ...base })).toEqual({
      legal_basis: null,
      needs: ['pangan'],
    });
    expect(programPatch({ description_id: '' }, { ...base })).toEqual({ description: null });
  });

  it('reads values by whom they are for, and refuses a line it cannot read', () => {
    expect(readTiers('SD/MI | Primary school = 450.000\n\nLansia = Rp 2.400.000')).toEqual([
      { code: 'primary_school', name: { id: 'SD/MI', en: 'Primary school' }, value_idr: 450_000 },
      { code: 'lansia', name: { id: 'Lansia', en: 'Lansia' }, value_idr: 2_400_000 },
    ]);
    expect(readTiers('A = 1\nA = 2')?.map((tier) => tier.code)).toEqual(['a', 'a_2']);
    for (const line of ['SD', 'SD = banyak', '= 5', 'SD = 1 = 2', 'SD = 0']) {
      expect(readTiers(line)).toBeNull();
    }
  });

  it('finds the field a refusal is about', () => {
    expect(formField('benefit.value_idr')).toBe('value');
    expect(formField('needs.2')).toBe('needs');
    expect(formField('pillar')).toBe('pillar');
    expect(formField('benefit.tiers.1.code')).toBe('tiers');
  });
});
