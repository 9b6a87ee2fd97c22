SET LOCAL lock_timeout = '5s';

CREATE TABLE decisions (
    id uuid PRIMARY KEY,
    effect text NOT NULL CHECK (effect IN ('stop_benefit', 'reject_request')),
    household_id uuid NOT NULL REFERENCES households (id),
    individual_id uuid REFERENCES individuals (id),
    problem_id uuid REFERENCES problems (id),
    referral_id uuid REFERENCES referrals (id),
    request_id uuid REFERENCES service_requests (id),
    sensitivity text NOT NULL CHECK (sensitivity IN ('open', 'restricted')),
    reason_code text NOT NULL,
    reasons text NOT NULL CHECK (length(reasons) BETWEEN 1 AND 4000),
    legal_basis text CHECK (length(legal_basis) <= 500),
    status text NOT NULL DEFAULT 'proposed' CHECK (status IN ('proposed', 'notified', 'confirmed', 'in_effect', 'reversed', 'withdrawn', 'lapsed')),
    proposed_by uuid NOT NULL REFERENCES accounts (id),
    proposed_at timestamptz NOT NULL DEFAULT now(),
    notice_channel text CHECK (notice_channel IN ('in_person', 'home_visit', 'letter', 'phone')),
    notified_by uuid REFERENCES accounts (id),
    notified_at timestamptz,
    calendar_id uuid REFERENCES calendars (id),
    due_from date,
    due_days integer CHECK (due_days > 0),
    due_on date,
    effective_on date,
    confirmed_by uuid REFERENCES accounts (id),
    confirmed_at timestamptz,
    in_effect_at timestamptz,
    before_status text,
    ended_reason text CHECK (length(ended_reason) <= 1000),
    reversed_by uuid REFERENCES accounts (id),
    reversed_at timestamptz,
    restored_referral_id uuid REFERENCES referrals (id),
    version bigint NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT decisions_subject CHECK ((effect = 'stop_benefit') = (referral_id IS NOT NULL) AND (effect = 'reject_request') = (request_id IS NOT NULL)),
    CONSTRAINT decisions_four_eyes CHECK (confirmed_by <> proposed_by),
    CONSTRAINT decisions_notice CHECK (status IN ('proposed', 'withdrawn') OR (notified_at IS NOT NULL AND notice_channel IS NOT NULL AND due_on IS NOT NULL AND effective_on IS NOT NULL)),
    CONSTRAINT decisions_counted CHECK (due_on IS NULL OR (calendar_id IS NOT NULL AND due_from IS NOT NULL AND due_days IS NOT NULL)),
    CONSTRAINT decisions_time_to_answer CHECK (confirmed_at IS NULL OR (confirmed_at AT TIME ZONE 'Asia/Jakarta')::date > due_on),
    CONSTRAINT decisions_confirmed CHECK (status IN ('proposed', 'notified', 'withdrawn') OR (confirmed_by IS NOT NULL AND confirmed_at IS NOT NULL)),
    CONSTRAINT decisions_in_effect CHECK ((status IN ('in_effect', 'reversed')) = (in_effect_at IS NOT NULL) AND in_effect_at >= confirmed_at AND (in_effect_at AT TIME ZONE 'Asia/Jakarta')::date >= effective_on),
    CONSTRAINT decisions_reversed CHECK ((status = 'reversed') = (reversed_by IS NOT NULL) AND (reversed_by IS NULL OR (ended_reason IS NOT NULL AND reversed_at IS NOT NULL)))
);
CREATE UNIQUE INDEX decisions_open ON decisions (coalesce(referral_id, request_id)) WHERE status IN ('proposed', 'notified', 'confirmed');
CREATE INDEX decisions_household ON decisions (household_id, id);
CREATE INDEX decisions_due ON decisions (effective_on) WHERE status = 'confirmed';
CREATE INDEX decisions_answering ON decisions (due_on) WHERE status = 'notified';
COMMENT ON TABLE decisions IS 'What is decided against somebody''s interest: told with its reasons, open to his answer for so many working days, confirmed by a second person, and reversible.';
COMMENT ON INDEX decisions_open IS 'One decision about a referral or request under way at a time.';
COMMENT ON INDEX decisions_due IS 'What takes effect on a day.';
COMMENT ON COLUMN decisions.id IS 'UUIDv7.';
COMMENT ON COLUMN decisions.effect IS 'stop_benefit ends the help of a referral; reject_request refuses a service request.';
COMMENT ON COLUMN decisions.household_id IS 'The household concerned; decides who sees the row.';
COMMENT ON COLUMN decisions.individual_id IS 'The person, where it is about one.';
COMMENT ON COLUMN decisions.problem_id IS 'Problem of the referral or request: who is assigned to it sees the decision.';
COMMENT ON COLUMN decisions.referral_id IS 'Referral whose help it stops.';
COMMENT ON COLUMN decisions.request_id IS 'Service request it refuses.';
COMMENT ON COLUMN decisions.sensitivity IS 'Label of the referral or request.';
COMMENT ON COLUMN decisions.reason_code IS 'Code of the list decision_reasons.';
COMMENT ON COLUMN decisions.reasons IS '[personal] Why, in words that the person reads.';
COMMENT ON COLUMN decisions.legal_basis IS 'Regulation it rests on.';
COMMENT ON COLUMN decisions.status IS 'How far it is.';
COMMENT ON COLUMN decisions.proposed_by IS 'Who proposed it; never who confirms it.';
COMMENT ON COLUMN decisions.proposed_at IS 'When.';
COMMENT ON COLUMN decisions.notice_channel IS 'How the person was told.';
COMMENT ON COLUMN decisions.notified_by IS 'Who told him.';
COMMENT ON COLUMN decisions.notified_at IS 'When.';
COMMENT ON COLUMN decisions.calendar_id IS 'Calendar the days to answer are counted by.';
COMMENT ON COLUMN decisions.due_from IS 'Civil date the working days are counted from.';
COMMENT ON COLUMN decisions.due_days IS 'Working days to answer.';
COMMENT ON COLUMN decisions.due_on IS 'Last day to answer; moves when a holiday is added.';
COMMENT ON COLUMN decisions.effective_on IS 'Day from which it holds, as told to the person.';
COMMENT ON COLUMN decisions.confirmed_by IS 'Second person, who has read the answers.';
COMMENT ON COLUMN decisions.confirmed_at IS 'When; after the last day to answer.';
COMMENT ON COLUMN decisions.in_effect_at IS 'When its effect was carried out.';
COMMENT ON COLUMN decisions.before_status IS 'Status of the referral or request before the effect.';
COMMENT ON COLUMN decisions.ended_reason IS '[personal] Why it was withdrawn or reversed, or what it lapsed on.';
COMMENT ON COLUMN decisions.reversed_by IS 'Who reversed it.';
COMMENT ON COLUMN decisions.reversed_at IS 'When.';
COMMENT ON COLUMN decisions.restored_referral_id IS 'Draft that takes the stopped help up again.';
COMMENT ON COLUMN decisions.version IS 'Raised by every step.';
COMMENT ON COLUMN decisions.updated_at IS 'When it last changed.';

CREATE TABLE decision_answers (
    id uuid PRIMARY KEY,
    decision_id uuid NOT NULL REFERENCES decisions (id),
    said text NOT NULL CHECK (length(said) BETWEEN 1 AND 4000),
    channel text NOT NULL CHECK (channel IN ('self', 'in_person', 'home_visit', 'letter', 'phone')),
    recorded_by uuid NOT NULL REFERENCES accounts (id),
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX decision_answers_decision ON decision_answers (decision_id, id);
COMMENT ON TABLE decision_answers IS 'What the person says to a decision before it is confirmed. Append-only.';
COMMENT ON COLUMN decision_answers.id IS 'UUIDv7.';
COMMENT ON COLUMN decision_answers.decision_id IS 'The decision.';
COMMENT ON COLUMN decision_answers.said IS '[personal] In the words of who is concerned.';
COMMENT ON COLUMN decision_answers.channel IS 'self where he wrote it with his own account; else how a worker heard it.';
COMMENT ON COLUMN decision_answers.recorded_by IS 'Account that wrote it down.';
COMMENT ON COLUMN decision_answers.at IS 'When.';
CREATE TRIGGER decision_answers_append_only BEFORE UPDATE OR DELETE ON decision_answers FOR EACH ROW EXECUTE FUNCTION forbid_change();

ALTER TABLE service_requests DROP CONSTRAINT service_requests_status_check;
ALTER TABLE service_requests ADD CONSTRAINT service_requests_status_check
    CHECK (status IN ('received', 'handled', 'approved', 'issued', 'returned', 'cancelled', 'rejected'));
