// Pure: what one does next with a referral, and why somebody cannot. What is allowed is the record's `can`.
import type { Referral } from '~/api/types';

export const verbs = [
  'accept',
  'schedule',
  'start',
  'complete',
  'send',
  'return',
  'decline',
  'cancel',
] as const;
export type Verb = (typeof verbs)[number];

export const refusing: Verb[] = ['decline', 'return', 'cancel'];
export const running = ['sent', 'returned', 'accepted', 'scheduled', 'in_service'] as const;
export const ended = ['completed', 'declined', 'expired', 'cancelled'] as const;
export const statuses = ['draft', ...running, ...ended] as const;

/** The step that brings a referral on, whoever takes it. */
const onward: Record<string, Verb> = {
  draft: 'send',
  sent: 'accept',
  returned: 'send',
  accepted: 'schedule',
  scheduled: 'start',
  in_service: 'complete',
};

export interface Offered {
  verb: Verb;
  allowed: boolean;
  /** Key of the sentence that says why not. */
  why?: 'receiver' | 'sender';
}

/** What is offered: all that is allowed, and the step onward even where it is another's. */
export function offered(referral: Pick<Referral, 'status' | 'can'>): Offered[] {
  const may = verbs.filter((verb) => referral.can.includes(verb));
  const next = onward[referral.status];
  const found: Offered[] = may.map((verb) => ({ verb, allowed: true }));
  if (next && !may.includes(next)) {
    found.unshift({
      verb: next,
      allowed: false,
      why: next === 'send' ? 'sender' : 'receiver',
    });
  }
  return found;
}

export const isEnded = (status: string) => (ended as readonly string[]).includes(status);

export function isLate(referral: Pick<Referral, 'status' | 'due_at'>, now = new Date()): boolean {
  return (
    referral.due_at !== null &&
    referral.due_at !== undefined &&
    (running as readonly string[]).includes(referral.status) &&
    new Date(referral.due_at) < now
  );
}

/** What is due first comes first; what has no due date last. */
export function byDue(a: Referral, b: Referral): number {
  return (a.due_at ?? '9') < (b.due_at ?? '9') ? -1 : 1;
}
