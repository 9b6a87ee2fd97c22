import { expect, it } from 'vitest';
import { householdPatch, personPatch } from './edit-rules';

it('makes a merge-patch of the fields that changed', () => {
  expect(householdPatch({ street: 'Jl. B', rt: '', declared_members: '4' })).toEqual({
    addresses: { street: 'Jl. B', rt: null },
    declared_members: 4,
  });
  expect(householdPatch({ note: '' })).toEqual({ note: null });
  expect(personPatch({ phone: '', name: 'Siti' })).toEqual({ phone: null, name: 'Siti' });
});
