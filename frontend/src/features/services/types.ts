// The wire types of the counter.
export interface ServiceRequest {
  id: string;
  service_code: string;
  subject: { kind: string; id: string };
  subject_name: string | null;
  household_id: string;
  region_code: string;
  problem_id: string | null;
  purpose: string | null;
  addressee: string | null;
  required_documents: string[];
  documents: string[];
  missing_documents: string[];
  status: string;
  sensitivity: string;
  responsible_organization_name: string | null;
  due_on: string;
  received_at: string;
  handled_at: string | null;
  approved_at: string | null;
  closed_at: string | null;
  reason: string | null;
  letter_id: string | null;
  letter_number: string | null;
  version: number;
  updated_at: string;
  can: string[];
}

export interface Letter {
  id: string;
  request_id: string;
  service_code: string;
  number: string;
  title: string;
  body: string;
  office: string;
  signatory_name: string;
  signatory_title: string;
  issued_on: string;
  status: string;
  revoked_at: string | null;
  revoke_reason: string | null;
  can: string[];
}

export interface GenuineLetter {
  genuine: boolean;
  kind: { id: string; en: string };
  number: string;
  issued_on: string;
  office: string;
  subject_initials: string;
  status: string;
}
