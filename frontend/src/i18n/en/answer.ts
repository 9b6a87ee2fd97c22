import type id from '../id/answer';
import type { SameKeys } from '../shape';

const answer: SameKeys<typeof id> = {
  answer: {
    title: 'Answer a referral',
    lead: 'For organizations that were given a link or a letter. No account is needed.',
    secret: 'Key',
    open: 'Open the referral',
    busy: 'Loading…',
    asked: 'Referred to {{organization}}',
    program: 'Program',
    need: 'Need',
    severity: 'Urgency',
    severities: { low: 'Low', medium: 'Medium', high: 'High', emergency: 'Emergency' },
    subject: 'For',
    subjects: { household: 'A household', individual: 'A person' },
    place: 'Area',
    place_of: 'Kelurahan {{village}}, Kecamatan {{district}}',
    amount: 'Value',
    due: 'Answer by',
    hidden:
      'Who it is is shown once you accept. Address and telephone are given once help is scheduled.',
    by: 'Your name and function',
    note: 'Note (optional)',
    reason: 'Reason for declining',
    choose: 'Choose',
    accept: 'Accept the referral',
    decline: 'Decline the referral',
    really_decline: 'Send the refusal',
    cancel: 'Cancel',
    required: 'Required',
    accepted: 'The referral is accepted',
    accepted_lead: 'Save or print this page now: the names are not shown again once it is closed.',
    declined: 'The referral is declined',
    declined_lead: 'Thank you. The officer who sent it has been told.',
    number: 'Number of the referral',
    name: 'Name',
    born: 'Date of birth',
    print: 'Print',
    refused: {
      not_found: 'The key is not known',
      ended: 'This link is no longer of use',
      account: 'Answer by the account of your organization',
      throttled: 'Too many tries',
      failed: 'It cannot be opened now',
    },
    refused_why: {
      not_found: 'Check what was typed.',
      ended:
        'The referral has been answered, its time is over, or there is a newer link. Ask the sender for a new one.',
      account: 'Your organization has an account by now. Sign in and answer from the inbox.',
      throttled: 'Try again in a few minutes.',
      failed: 'The service cannot be reached. Try again shortly.',
    },
    privacy: 'The key is not part of the address that is sent to the server, and answers once.',
  },
};

export default answer;
