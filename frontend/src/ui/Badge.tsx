import { word } from '~/i18n';

const tones: Record<string, 'good' | 'warn' | 'bad' | 'info'> = {
  active: 'good',
  verified: 'good',
  published: 'good',
  completed: 'good',
  resolved: 'good',
  applied: 'good',
  accepted: 'good',
  matched: 'good',
  open: 'good',
  countersigned: 'good',
  succeeded: 'good',
  issued: 'good',
  valid: 'good',
  notified: 'warn',
  reported: 'warn',
  signed: 'warn',
  submitted: 'warn',
  validated: 'warn',
  returned: 'warn',
  candidate: 'warn',
  partly_resolved: 'warn',
  high: 'warn',
  proposed: 'warn',
  disputed: 'warn',
  conflict: 'warn',
  drop: 'warn',
  emergency: 'bad',
  declined: 'bad',
  revoked: 'bad',
  failed: 'bad',
  rejected: 'bad',
  suspended: 'bad',
  not_matched: 'bad',
  expired: 'bad',
  reject: 'bad',
  disabled: 'bad',
  confirmed: 'info',
  in_effect: 'info',
  distributed: 'info',
  waiting: 'warn',
  placed: 'good',
  accounted: 'good',
  received: 'info',
  handled: 'info',
  approved: 'info',
  sent: 'info',
  scheduled: 'info',
  in_service: 'info',
  reviewed: 'info',
  staging: 'info',
  applying: 'info',
  running: 'info',
};

/** A wire status in words; the dot's colour only repeats what the word says. */
export function StatusBadge({ group, value }: { group: string; value: string | null | undefined }) {
  if (!value) return null;
  // An organisation that merely applied is waiting; an import that was applied is done.
  const tone = group === 'organization_status' && value === 'applied' ? 'warn' : tones[value];
  return <span className={`badge ${tone ? `badge-${tone}` : ''}`}>{word(group, value)}</span>;
}
