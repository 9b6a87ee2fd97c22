SET lock_timeout = '5s';

CREATE TABLE corrections (
    id uuid PRIMARY KEY,
    household_id uuid NOT NULL REFERENCES households (id),
    individual_id uuid REFERENCES individuals (id),
    fact text NOT NULL CHECK (fact ~ '^[a-z_]{1,40}$'),
    recorded_value text,
    claimed_value text NOT NULL CHECK (length(claimed_value) BETWEEN 1 AND 300),
    explanation text NOT NULL CHECK (length(explanation) BETWEEN 1 AND 2000),
    status text NOT NULL DEFAULT 'submitted' CHECK (status IN ('submitted', 'accepted', 'rejected', 'withdrawn')),
    submitted_by uuid NOT NULL REFERENCES accounts (id),
    submitted_at timestamptz NOT NULL DEFAULT now(),
    examined_by uuid REFERENCES accounts (id),
    examined_at timestamptz,
    decision_reason text CHECK (length(decision_reason) <= 1000),
    version bigint NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT corrections_four_eyes CHECK (examined_by <> submitted_by),
    CONSTRAINT corrections_examined CHECK ((examined_by IS NOT NULL) = (status IN ('accepted', 'rejected')) AND (examined_by IS NULL) = (examined_at IS NULL)),
    CONSTRAINT corrections_reasoned CHECK (status <> 'rejected' OR decision_reason IS NOT NULL)
);
CREATE UNIQUE INDEX corrections_open ON corrections (coalesce(individual_id, household_id), fact) WHERE status = 'submitted';
CREATE INDEX corrections_household ON corrections (household_id, id);
CREATE INDEX corrections_status ON corrections (status, id);
COMMENT ON TABLE corrections IS 'What somebody says a recorded fact should be. While it is examined the fact counts as disputed.';
COMMENT ON INDEX corrections_open IS 'One examination of a fact at a time.';
COMMENT ON COLUMN corrections.id IS 'UUIDv7.';
COMMENT ON COLUMN corrections.household_id IS 'The household concerned.';
COMMENT ON COLUMN corrections.individual_id IS 'The person, where it is a fact about one.';
COMMENT ON COLUMN corrections.fact IS 'Name of the fact, as in the resource.';
COMMENT ON COLUMN corrections.recorded_value IS '[personal] What was recorded when it was disputed.';
COMMENT ON COLUMN corrections.claimed_value IS '[personal] What it should be.';
COMMENT ON COLUMN corrections.explanation IS '[personal] Why, in the words of who disputes it.';
COMMENT ON COLUMN corrections.status IS 'submitted, then accepted (the record is changed), rejected (with a reason) or withdrawn.';
COMMENT ON COLUMN corrections.submitted_by IS 'Account that disputes it.';
COMMENT ON COLUMN corrections.submitted_at IS 'When.';
COMMENT ON COLUMN corrections.examined_by IS 'Officer who decided; never who disputed.';
COMMENT ON COLUMN corrections.examined_at IS 'When.';
COMMENT ON COLUMN corrections.decision_reason IS '[personal] Why it was decided so.';
COMMENT ON COLUMN corrections.version IS 'Raised by every step.';
COMMENT ON COLUMN corrections.updated_at IS 'When it last changed.';
