import { describe, expect, it } from 'vitest';
import { ApiProblem } from '~/api/problem';
import { faultsOf, offsetOf } from './types';

describe('faults of a text', () => {
  it('are read with their place', () => {
    const errors = [
      { pointer: '/body', code: 'unknown_placeholder', detail: 'line 2, column 8: is not one' },
      { pointer: '/body', code: 'length', detail: 'is too long' },
      { pointer: '/title', code: 'not_allowed', detail: 'line 1, column 1: no' },
    ];
    expect(faultsOf(new ApiProblem(422, { errors }))).toEqual([
      { code: 'unknown_placeholder', line: 2, column: 8 },
    ]);
    expect(faultsOf(new ApiProblem(409, { errors }))).toEqual([]);
    expect(faultsOf(new Error('x'))).toEqual([]);
  });

  it('are found in the text, whatever stands before them', () => {
    const text = 'Yth.\n📄 {{nama}}\n';
    expect(text.slice(offsetOf(text, 2, 3))).toBe('{{nama}}\n');
    expect(offsetOf(text, 1, 1)).toBe(0);
    expect(offsetOf(text, 99, 99)).toBe(text.length);
  });
});
