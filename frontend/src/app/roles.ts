// Who is shown which door. This only keeps menus short: what a person may do to a record comes
// from the record's own `can`, and the server decides anyway.
import type { Account } from './session';

export const roles = [
  'admin',
  'coordinator',
  'social_worker',
  'village_operator',
  'agency_officer',
  'partner',
  'auditor',
  'citizen',
] as const;
export type Role = (typeof roles)[number];

/** Everybody who works here; a citizen is at home here. */
export const staff: readonly Role[] = roles.filter((role) => role !== 'citizen');

export function rolesOf(account: Account): string[] {
  const found = new Set<string>(account.roles ?? []);
  if (account.role) found.add(account.role);
  for (const grant of account.grants ?? []) found.add(grant.role);
  return [...found];
}

export type Place =
  | 'home'
  | 'tasks'
  | 'households'
  | 'intake'
  | 'duplicates'
  | 'services'
  | 'problems'
  | 'cases'
  | 'referrals'
  | 'assessments'
  | 'corrections'
  | 'decisions'
  | 'break_glass'
  | 'matching'
  | 'programs'
  | 'funding'
  | 'imports'
  | 'import_profiles'
  | 'source_trust'
  | 'quality'
  | 'organizations'
  | 'accounts'
  | 'clients'
  | 'codes'
  | 'instruments'
  | 'templates'
  | 'calendars'
  | 'retention'
  | 'overlaps';

const places: Record<Place, readonly Role[]> = {
  home: roles,
  tasks: ['coordinator', 'social_worker', 'village_operator'],
  intake: ['coordinator', 'social_worker', 'village_operator'],
  // An agency and a foundation see the households referred to them.
  households: [
    'coordinator',
    'social_worker',
    'village_operator',
    'agency_officer',
    'partner',
    'auditor',
    'citizen',
  ],
  duplicates: ['coordinator', 'social_worker', 'village_operator'],
  problems: [
    'coordinator',
    'social_worker',
    'village_operator',
    'agency_officer',
    'partner',
    'auditor',
    'citizen',
  ],
  cases: ['coordinator', 'social_worker', 'auditor'],
  services: ['coordinator', 'social_worker', 'village_operator', 'auditor', 'citizen'],
  referrals: [
    'coordinator',
    'social_worker',
    'village_operator',
    'agency_officer',
    'partner',
    'auditor',
    'citizen',
  ],
  assessments: ['coordinator', 'social_worker', 'village_operator', 'auditor'],
  corrections: ['coordinator', 'social_worker', 'village_operator', 'citizen'],
  decisions: [
    'coordinator',
    'social_worker',
    'village_operator',
    'agency_officer',
    'auditor',
    'citizen',
  ],
  break_glass: ['coordinator', 'social_worker', 'auditor'],
  matching: ['coordinator', 'social_worker', 'village_operator', 'auditor'],
  programs: [
    'coordinator',
    'social_worker',
    'village_operator',
    'agency_officer',
    'partner',
    'auditor',
    'citizen',
  ],
  funding: ['coordinator', 'agency_officer', 'partner', 'auditor'],
  imports: ['coordinator', 'village_operator'],
  import_profiles: ['admin', 'coordinator'],
  // For administrators and coordinators it is a page of the profiles; an auditor reads this one only.
  source_trust: ['auditor'],
  quality: ['coordinator', 'social_worker', 'village_operator', 'auditor'],
  organizations: [
    'admin',
    'coordinator',
    'social_worker',
    'village_operator',
    'agency_officer',
    'partner',
    'auditor',
  ],
  accounts: ['admin', 'coordinator'],
  clients: ['admin'],
  codes: ['admin', 'coordinator', 'social_worker', 'auditor'],
  instruments: ['admin', 'coordinator'],
  templates: ['admin', 'coordinator', 'social_worker', 'village_operator'],
  calendars: ['admin', 'coordinator'],
  retention: ['admin', 'coordinator', 'auditor'],
  overlaps: ['coordinator', 'auditor'],
};

export function placesFor(account: Account): Place[] {
  const held = rolesOf(account);
  return (Object.keys(places) as Place[]).filter((place) =>
    places[place].some((role) => held.includes(role)),
  );
}

export function hasRole(account: Account, ...wanted: Role[]): boolean {
  const held = rolesOf(account);
  return wanted.some((role) => held.includes(role));
}

/** A duty beyond the role, such as giving an exception. */
export function hasDuty(account: Account, duty: string): boolean {
  return (account.grants ?? []).some((grant) => grant.duties?.includes(duty));
}

/** The organization an account acts for, if it acts for one. */
export function organizationOf(account: Account): string | null {
  if (account.organization_id) return account.organization_id;
  for (const grant of account.grants ?? []) {
    if (grant.organization_id) return grant.organization_id;
    if (grant.scope_kind === 'organization' && grant.scope_ref) return grant.scope_ref;
  }
  return null;
}
