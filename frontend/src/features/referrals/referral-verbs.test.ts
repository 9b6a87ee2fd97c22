import { describe, expect, it } from 'vitest';
import { isLate, offered } from './referral-verbs';

describe('what one may do with a referral', () => {
  it('offers what the record allows', () => {
    expect(offered({ status: 'sent', can: ['accept', 'decline', 'return'] })).toEqual([
      { verb: 'accept', allowed: true },
      { verb: 'return', allowed: true },
      { verb: 'decline', allowed: true },
    ]);
  });

  it('shows the step onward to who waits for it, and says whose it is', () => {
    expect(offered({ status: 'sent', can: ['cancel'] })).toEqual([
      { verb: 'accept', allowed: false, why: 'receiver' },
      { verb: 'cancel', allowed: true },
    ]);
    expect(offered({ status: 'returned', can: [] })[0]).toMatchObject({ why: 'sender' });
  });

  it('offers nothing where it has ended', () => {
    expect(offered({ status: 'completed', can: [] })).toEqual([]);
  });
});

describe('late', () => {
  const now = new Date('2026-11-22T00:00:00Z');
  it('is what still runs after its due date', () => {
    expect(isLate({ status: 'sent', due_at: '2026-11-21T00:00:00Z' }, now)).toBe(true);
    expect(isLate({ status: 'completed', due_at: '2026-11-21T00:00:00Z' }, now)).toBe(false);
    expect(isLate({ status: 'sent', due_at: null }, now)).toBe(false);
  });
});
