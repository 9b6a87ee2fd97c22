// Referrals on the wire, but for the record itself.

/** How the receiver of a referral is reached; the rest is for the sending side. */
export interface ReferralReceiver {
  reach: 'account' | 'link' | 'letter' | 'phone';
  email: string | null;
  phone: string | null;
  address: string | null;
  link_until: string | null;
}

export interface ReferralEvent {
  id: string;
  event: string;
  from_status: string;
  to_status: string;
  reason_code?: string | null;
  note?: string | null;
  actor_name?: string | null;
  at: string;
  /** Whose answer it is, where the receiver has no account. */
  on_behalf?: {
    channel: string;
    answered_by: string | null;
    answered_on: string;
    evidence_id: string | null;
  } | null;
}
