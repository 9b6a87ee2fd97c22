SET lock_timeout = '5s';

CREATE TABLE break_glass (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id),
    subject_kind text NOT NULL CHECK (subject_kind IN ('household', 'problem')),
    subject_id uuid NOT NULL,
    household_id uuid NOT NULL REFERENCES households (id),
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 1000),
    opened_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    finding text CHECK (finding IN ('justified', 'unjustified')),
    review_note text CHECK (length(review_note) <= 1000),
    reviewed_by uuid REFERENCES accounts (id),
    reviewed_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT break_glass_hours CHECK (expires_at > opened_at AND expires_at <= opened_at + interval '4 hours'),
    CONSTRAINT break_glass_review CHECK ((finding IS NULL) = (reviewed_by IS NULL) AND (finding IS NULL) = (reviewed_at IS NULL)),
    CONSTRAINT break_glass_four_eyes CHECK (reviewed_by <> account_id)
);
CREATE INDEX break_glass_account ON break_glass (account_id, expires_at);
CREATE INDEX break_glass_household ON break_glass (household_id);
COMMENT ON TABLE break_glass IS 'A look, for four hours and for a reason, at what one''s area and assignments do not open. Each is reviewed by another person.';
COMMENT ON COLUMN break_glass.id IS 'UUIDv7.';
COMMENT ON COLUMN break_glass.account_id IS 'Who looks.';
COMMENT ON COLUMN break_glass.subject_kind IS 'A household outside the area, or a restricted problem.';
COMMENT ON COLUMN break_glass.subject_id IS 'Id of the subject.';
COMMENT ON COLUMN break_glass.household_id IS 'Household of the subject: its area decides who may review.';
COMMENT ON COLUMN break_glass.reason IS '[personal] Why, in the words of who looks.';
COMMENT ON COLUMN break_glass.opened_at IS 'When the look began.';
COMMENT ON COLUMN break_glass.expires_at IS 'When it ends: after four hours, or when it was found unjustified.';
COMMENT ON COLUMN break_glass.finding IS 'What the reviewer found; null until then.';
COMMENT ON COLUMN break_glass.review_note IS '[personal] In the reviewer''s words.';
COMMENT ON COLUMN break_glass.reviewed_by IS 'Who reviewed it; never who looked.';
COMMENT ON COLUMN break_glass.reviewed_at IS 'When.';
COMMENT ON COLUMN break_glass.version IS 'Raised by the review.';

-- What is open is kept with the verified token, so it must reach every instance at once.
CREATE TRIGGER break_glass_notify AFTER INSERT OR UPDATE ON break_glass FOR EACH STATEMENT EXECUTE FUNCTION notify_access();
