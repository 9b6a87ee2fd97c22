import { describe, expect, it } from 'vitest';
import { binding } from './PlanMoney';
import type { Budget } from './types';

const budget = (amount: number, planned: number, points: number): Budget => ({
  funding_source_id: 'a',
  funding_source_name: 'APBD',
  cycle_id: 'c',
  program_name: null,
  kind: 'allotted',
  unit: 'IDR',
  amount,
  planned,
  prices: [
    { tier: 'emergency', points: 0 },
    { tier: 'regular', points },
  ],
});

describe('what more money buys', () => {
  it('is told where less is left than one award costs', () => {
    expect(binding(budget(2_000_000, 1_800_000, 420), 500_000)).toEqual([
      { tier: 'regular', points: 420 },
    ]);
  });
  it('is nothing where money is left over', () => {
    expect(binding(budget(2_000_000, 1_500_000, 420), 500_000)).toEqual([]);
  });
  it('is never more than the weightiest need is worth', () => {
    expect(binding(budget(0, 0, 846_566), 500_000)).toEqual([]);
  });
});
