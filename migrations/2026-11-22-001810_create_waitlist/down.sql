DROP TRIGGER referrals_due ON referrals;
DROP FUNCTION referrals_follow_due();
DROP INDEX referrals_due_at;
ALTER TABLE referrals DROP CONSTRAINT referrals_due, DROP COLUMN due_from, DROP COLUMN due_days, DROP COLUMN due_on, DROP COLUMN reminded_at, DROP COLUMN escalated_at;
DROP TABLE waitlist;
