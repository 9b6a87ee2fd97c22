import { describe, expect, it } from 'vitest';
import {
  addTo,
  type Clause,
  change,
  emit,
  group,
  leaf,
  members,
  newCondition,
  nodeAt,
  type Places,
  read,
  readRule,
  sameRule,
  unfinished,
} from './rule-tree';

const stored: Clause[] = [
  { all: [{ decile: { min: 1, max: 2, scope: 'national' } }] },
  { any: [{ any_member: { age: { min: 60, unit: 'years' } } }] },
  { all: [{ not: { any_member: { compare: { fact: 'insurance', op: 'eq', value: 'none' } } } }] },
  {
    all: [
      { not: { receives: { overlap_classes: ['family_cash_transfer'], within_days: 30 } } },
      { not: { in: { fact: 'floor', values: ['earth', 'bamboo'] } } },
      { between: { fact: 'floor_area', from: 1, to: 8, unit: 'm2' } },
      { count_members: { op: 'ge', value: 5 } },
      {
        count_members: { where: { age: { max: 4, unit: 'years' } }, op: 'eq', value: 2 },
      },
      { area_in: ['32.73.01'] },
    ],
  },
  {
    not: {
      any: [
        { compare: { fact: 'has_family_card', op: 'eq', value: true } },
        { compare: { fact: 'asset_car', op: 'gt', value: 0 } },
      ],
    },
  },
  { not: { all: [{ area_in: ['32.73.01'] }, { area_in: ['32.73.02'] }] } },
];

describe('a rule in the builder', () => {
  it('is written as it was read', () => {
    for (const rule of stored) expect(emit(readRule(rule))).toEqual(rule);
  });

  it('says under five where the wire says at most four', () => {
    const node = read({ age: { max: 4, unit: 'years' } });
    expect(node).toMatchObject({ is: { test: 'under', a: 5 } });
    expect(emit(leaf(newCondition('age')))).toEqual({ age: { max: 4, unit: 'years' } });
  });

  it('finds the clause a pointer speaks of', () => {
    const age = leaf(newCondition('age'));
    const decile = leaf(newCondition('decile'));
    const people = members([age]);
    const root = group('all', [decile, people]);
    const places: Places = [];
    expect(emit(root, '', places)).toEqual({
      all: [
        { decile: { min: 1, max: 2, scope: 'national' } },
        { any_member: { age: { max: 4, unit: 'years' } } },
      ],
    });
    expect(nodeAt('/all/0/decile/max', places)).toBe(decile.id);
    expect(nodeAt('/all/1/any_member/age', places)).toBe(age.id);
    expect(nodeAt('/all/1', places)).toBe(people.id);
    expect(nodeAt('', places)).toBe(root.id);
    // Not the first of ten.
    expect(nodeAt('/all/10', places)).toBe(root.id);
  });

  it('knows what is unfinished', () => {
    const problem = leaf(newCondition('problem'));
    const empty = members();
    const root = group('all', [leaf(newCondition('decile')), problem, empty]);
    expect(unfinished(root)).toEqual([problem.id, empty.id]);
    expect(unfinished(group())).toHaveLength(1);
  });

  it('is changed without touching what stands beside', () => {
    const [a, b] = [leaf(newCondition('decile')), leaf(newCondition('area'))];
    const root = group('all', [a, b]);
    expect(change(root, b.id, () => null).of).toEqual([a]);
    expect(addTo(root, root.id, members()).of).toHaveLength(3);
    expect(root.of).toEqual([a, b]);
  });

  it('is the same rule with and without its defaults', () => {
    expect(
      sameRule(
        { decile: { max: 2 } },
        { all: [{ decile: { min: 1, max: 2, scope: 'national' } }] },
      ),
    ).toBe(true);
    expect(sameRule({ decile: { max: 2 } }, { decile: { max: 3 } })).toBe(false);
    expect(sameRule(null, undefined)).toBe(true);
  });
});
