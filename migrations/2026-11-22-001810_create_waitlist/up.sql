SET lock_timeout = '5s';

CREATE TABLE waitlist (
    id uuid PRIMARY KEY,
    referral_id uuid NOT NULL REFERENCES referrals (id),
    cycle_id uuid NOT NULL REFERENCES program_cycles (id),
    urgency smallint NOT NULL CHECK (urgency BETWEEN 0 AND 3),
    status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'placed', 'withdrawn', 'skipped', 'lapsed')),
    skipped_code text,
    tried_at timestamptz,
    created_by uuid,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT waitlist_skipped CHECK ((status = 'skipped') = (skipped_code IS NOT NULL))
);
CREATE UNIQUE INDEX waitlist_once ON waitlist (referral_id) WHERE status = 'waiting';
CREATE INDEX waitlist_order ON waitlist (cycle_id, urgency, created_at, id) WHERE status = 'waiting';
CREATE INDEX waitlist_referral ON waitlist (referral_id);
COMMENT ON TABLE waitlist IS 'Drafted referrals that wait for a seat or money of their cycle: the most urgent and longest waiting is sent as soon as there is one.';
COMMENT ON COLUMN waitlist.id IS 'UUIDv7.';
COMMENT ON COLUMN waitlist.referral_id IS 'The draft that waits; who sees it sees the entry.';
COMMENT ON COLUMN waitlist.cycle_id IS 'What it waits for.';
COMMENT ON COLUMN waitlist.urgency IS 'Of the problem: 0 emergency, 1 high, 2 medium, 3 low.';
COMMENT ON COLUMN waitlist.status IS 'waiting, placed (it was sent), withdrawn (by who asked), skipped (it could not be sent), lapsed (the cycle ended).';
COMMENT ON COLUMN waitlist.skipped_code IS 'Code of the problem for which it could not be sent.';
COMMENT ON COLUMN waitlist.tried_at IS 'When the worker last tried to send it.';
COMMENT ON COLUMN waitlist.created_by IS 'Who put it there.';
COMMENT ON COLUMN waitlist.version IS 'Raised by every change.';
COMMENT ON COLUMN waitlist.created_at IS 'Since when it waits.';
COMMENT ON COLUMN waitlist.updated_at IS 'When it last changed.';

ALTER TABLE referrals
    ADD COLUMN due_from date,
    ADD COLUMN due_days integer,
    ADD COLUMN due_on date,
    ADD COLUMN reminded_at timestamptz,
    ADD COLUMN escalated_at timestamptz,
    ADD CONSTRAINT referrals_due CHECK ((due_from IS NULL) = (due_on IS NULL) AND (due_days IS NULL) = (due_on IS NULL));
COMMENT ON COLUMN referrals.due_from IS 'Civil date the working days are counted from; null where a day was fixed.';
COMMENT ON COLUMN referrals.due_days IS 'Working days granted, by the city''s calendar.';
COMMENT ON COLUMN referrals.due_on IS 'Last day in time; moves when a holiday is added, and due_at with it.';
COMMENT ON COLUMN referrals.reminded_at IS 'When whoever must act was reminded of this step.';
COMMENT ON COLUMN referrals.escalated_at IS 'When this step was reported as late.';
CREATE INDEX referrals_due_at ON referrals (due_at) WHERE status IN ('sent', 'returned', 'accepted', 'scheduled', 'in_service');

CREATE FUNCTION referrals_follow_due() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.due_at := (NEW.due_on + time '23:59:59') AT TIME ZONE 'Asia/Jakarta';
    RETURN NEW;
END $$;
COMMENT ON FUNCTION referrals_follow_due() IS 'The instant of a deadline is the last second of its day at the office.';
CREATE TRIGGER referrals_due BEFORE UPDATE OF due_on ON referrals FOR EACH ROW
    WHEN (NEW.due_on IS NOT NULL AND NEW.due_on IS DISTINCT FROM OLD.due_on) EXECUTE FUNCTION referrals_follow_due();
