import type overlaps from '../id/overlaps';
import type { SameKeys } from '../shape';

const words: SameKeys<typeof overlaps> = {
  overlaps: {
    lead: 'Aid that was sent although aid of the same kind was held. Another person reviews every override.',
    none: 'No overrides',
    none_why: 'An override appears here once a referral is sent with a reason.',
    when: 'Sent',
    finding: 'Finding',
    review: 'Review',
    reviewed: 'Reviewed',
    waits: 'Waits for review',
    review_done: 'Review recorded.',
    nothing: 'No aid of the same kind in this time.',
    held: 'Aid of the same kind is held',
    held_why:
      'Sending this referral will be refused, except by those whose duty is to override, with a reason.',
    reported: 'Others report aid of the same kind',
    reported_why: 'Not a refusal. Make sure first whether that aid is still received.',
    hidden: 'A program outside your duties',
    benefits: 'Aid that others report',
    no_benefits: 'No reports yet',
    no_benefits_why: 'Aid of others appears here once it is entered or imported.',
    member: 'A member of the household',
    time: 'Time',
    source: 'Reported by',
    step: 'Check for double aid',
    step_lead: 'The referral has not been sent yet.',
    anyway: 'Send all the same',
    stop: 'Do not send',
    exception: 'Reason for the exception',
    exception_why: 'Another person reviews this exception.',
    no_duty: 'Only somebody with the duty to give exceptions can send it.',
  },
  override_finding: {
    justified: 'Justified',
    not_justified: 'Not justified',
  },
};

export default words;
