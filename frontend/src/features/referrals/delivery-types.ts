export interface Delivery {
  id: string;
  referral_id: string;
  program_id: string;
  region_code: string;
  subject_name: string | null;
  planned_on: string;
  amount_idr: number;
  quantity: number | null;
  unit: string | null;
  channel: string;
  payee_individual_id: string | null;
  payee_name: string | null;
  status: string;
  attention: string | null;
  decree: string | null;
  proof_kind: string | null;
  proof_reference: string | null;
  proof_evidence_id: string | null;
  received_on: string | null;
  account_reference: string | null;
  confirmation: string | null;
  reason_code: string | null;
  note: string | null;
  version: number;
  can: string[];
}

export const deliveryVerbs = [
  'approve',
  'distribute',
  'receive',
  'account',
  'confirm',
  'update',
  'fail',
  'return',
  'cancel',
] as const;
export type DeliveryVerb = (typeof deliveryVerbs)[number];

export const deliveryStatuses = [
  'planned',
  'approved',
  'distributed',
  'received',
  'accounted',
  'failed',
  'returned',
  'cancelled',
] as const;

/** Lines whose money is still held or spent. */
export const counts = (line: Pick<Delivery, 'status'>) =>
  !['failed', 'returned', 'cancelled'].includes(line.status);
