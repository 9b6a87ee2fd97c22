import type check from '../id/check';
import type { SameKeys } from '../shape';

const words: SameKeys<typeof check> = {
  check: {
    title: 'Check a letter',
    lead: 'Scan the QR code on the letter, or type its code and key.',
    result: 'Result',
    valid: 'Genuine and valid',
    revoked: 'Genuine, but revoked',
    kind: 'Kind',
    number: 'Number',
    date: 'Date',
    office: 'Issued by',
    initials: 'Initials',
    compare: 'Compare it with the letter in your hands.',
    code: 'Code',
    secret: 'Key',
    submit: 'Check',
    busy: 'Checking…',
    privacy:
      'This page shows nothing personal but initials. Code and key are no part of the address that is sent to the server.',
    refused: {
      not_found: 'Not found',
      throttled: 'Too many attempts',
      failed: 'Could not be checked',
    },
    refused_why: {
      not_found: 'Code and key do not belong to a letter of ours. Check what you typed.',
      throttled: 'Try again in a few minutes.',
      failed: 'The service cannot be reached. Try again shortly.',
    },
  },
};

export default words;
