import type id from '../id/board';
import type { SameKeys } from '../shape';

const board: SameKeys<typeof id> = {
  board: {
    board: 'Board',
    table: 'Table',
    inbox: 'Inbox',
    inbox_lead: 'Referrals to your organization, those due first on top.',
    inbox_keys:
      'Keyboard: j and k move, A accepts, R returns, D declines, S schedules, M starts, C completes, 1–5 change the box.',
    keys: 'Arrow keys walk from card to card.',
    to_all: 'All referrals',
    boxes: 'Boxes',
    box: {
      sent: 'To be answered',
      accepted: 'Accepted',
      scheduled: 'Scheduled',
      in_service: 'In service',
      returned: 'With the sender',
    },
    empty: {
      sent: 'Nothing waits for your answer',
      accepted: 'Nothing to schedule',
      scheduled: 'Nothing is scheduled',
      in_service: 'Nothing is in service',
      returned: 'Nothing waits for its sender',
    },
    empty_why: 'New referrals appear here as soon as they are sent.',
    none: 'Empty',
    all_of: 'All: {{status}}',
    due: 'Due',
    only_late: 'Overdue',
    whose: 'Whose',
    mine: 'Mine or my organization’s',
    unnamed: 'Name not disclosed yet',
    unnamed_why: 'The identity becomes visible once the referral is accepted.',
    chosen: 'The chosen referral',
    severity: 'Severity',
    region: 'Kelurahan',
    sent_at: 'Sent',
    open: 'Open in full',
  },
};

export default board;
