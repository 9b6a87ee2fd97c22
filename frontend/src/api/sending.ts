// Sending in one step: a draft, a look at what the household already receives, then the seat.
import { call, get } from './http';
import type { LocalizedText, Referral } from './types';

export interface Overlap {
  referral_id: string | null;
  program_name: LocalizedText | null;
  starts_on: string;
  ends_on: string;
  reported_by: string | null;
}

export interface OverlapsFound {
  /** Null where the program has no kind of aid that nobody gets twice. */
  overlap_class: string | null;
  held: Overlap[];
  reported: Overlap[];
}

export interface Sent {
  id: string;
  found: null;
}

export interface Draft {
  id: string;
  etag: string | undefined;
  found: OverlapsFound;
}

/** Drafts it and sends it where nothing stands against it; otherwise the draft with what was found. */
export async function draftAndSend(body: unknown, key: string): Promise<Sent | Draft> {
  const { data, etag } = await call<Referral>('/referrals', { method: 'POST', body, key });
  if (data.status !== 'draft') return { id: data.id, found: null };
  const draft = { id: data.id, etag };
  try {
    const found = await get<OverlapsFound>(`/referrals/${data.id}/overlaps`);
    if (found.held.length + found.reported.length > 0) return { ...draft, found };
    await sendDraft(draft, {}, key);
  } catch (failure) {
    await withdraw(draft, key);
    throw failure;
  }
  return { id: data.id, found: null };
}

export async function sendDraft(
  draft: Pick<Draft, 'id' | 'etag'>,
  body: { override_reason?: string },
  key: string,
): Promise<void> {
  await call(`/referrals/${draft.id}/send`, {
    method: 'POST',
    body,
    key: `${key}-send`,
    etag: draft.etag,
  });
}

/** A draft that is not sent would only lie about; where taking it back fails, its own page still can. */
export async function withdraw(draft: Pick<Draft, 'id' | 'etag'>, key: string): Promise<void> {
  await call(`/referrals/${draft.id}/cancel`, {
    method: 'POST',
    body: { reason_code: 'other' },
    key: `${key}-cancel`,
    etag: draft.etag,
  }).catch(() => undefined);
}
