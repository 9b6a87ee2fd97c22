// Pure: what the edit forms show of a record, and the merge-patch that carries only what changed.
import type { HouseholdDetail, Individual } from '~/api/types';
import type { Flat } from '~/ui/Conflict';

const text = (value: unknown): string =>
  value === null || value === undefined ? '' : String(value);

/** An emptied input removes the value: `null` in a merge-patch. */
const orNull = (value: unknown): unknown => (value === '' ? null : value);

export function flattenHousehold(household: HouseholdDetail): Record<string, string> {
  return {
    street: text(household.addresses.street),
    rt: text(household.addresses.rt),
    rw: text(household.addresses.rw),
    declared_members: text(household.declared_members),
    note: text(household.note),
  };
}

export function householdPatch(fields: Flat): Record<string, unknown> {
  const patch: Record<string, unknown> = {};
  const addresses: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (key === 'street' || key === 'rt' || key === 'rw') addresses[key] = orNull(value);
    else if (key === 'declared_members') patch[key] = value === '' ? null : Number(value);
    else patch[key] = orNull(value);
  }
  if (Object.keys(addresses).length > 0) patch.addresses = addresses;
  return patch;
}

export function flattenPerson(person: Individual): Record<string, string> {
  return {
    name: text(person.name),
    sex: text(person.sex),
    birth_date: text(person.birth_date),
    relation: text(person.relation),
    marital_status: text(person.marital_status),
    mother_name: text(person.mother_name),
    phone: text(person.phone),
  };
}

export function personPatch(fields: Flat): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, orNull(value)]));
}
