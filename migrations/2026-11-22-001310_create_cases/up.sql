SET LOCAL lock_timeout = '5s';

CREATE TABLE cases (
    id uuid PRIMARY KEY,
    household_id uuid NOT NULL REFERENCES households (id),
    stage text NOT NULL CHECK (stage IN ('new', 'screening', 'assessment', 'planning', 'intervention', 'evaluation', 'terminated', 'aftercare', 'closed', 'suspended', 'transferred')),
    stage_before text CHECK (stage_before IN ('new', 'screening', 'assessment', 'planning', 'intervention', 'evaluation', 'aftercare')),
    stage_since timestamptz NOT NULL DEFAULT now(),
    emergency boolean NOT NULL DEFAULT false,
    sensitivity text NOT NULL DEFAULT 'open' CHECK (sensitivity IN ('open', 'restricted')),
    weight smallint NOT NULL DEFAULT 1 CHECK (weight BETWEEN 1 AND 5),
    plan jsonb NOT NULL DEFAULT '{"goals": []}',
    plan_agreed_on date,
    next_action_on date,
    assessment_due_at timestamptz,
    outcome_code text,
    reason text,
    opened_by uuid REFERENCES accounts (id),
    opened_at timestamptz NOT NULL DEFAULT now(),
    closed_at timestamptz,
    reopened integer NOT NULL DEFAULT 0,
    demo boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT cases_suspended CHECK ((stage = 'suspended') = (stage_before IS NOT NULL)),
    CONSTRAINT cases_closed CHECK ((stage IN ('closed', 'transferred')) = (closed_at IS NOT NULL)),
    CONSTRAINT cases_outcome CHECK (stage NOT IN ('terminated', 'aftercare') OR outcome_code IS NOT NULL)
);
CREATE INDEX cases_household ON cases (household_id, id);
CREATE INDEX cases_open ON cases (stage, id) WHERE closed_at IS NULL;
-- A restricted case must not be betrayed by the refusal of a second one, so only open-labelled ones are single.
CREATE UNIQUE INDEX cases_one_open ON cases (household_id) WHERE closed_at IS NULL AND sensitivity = 'open';
COMMENT ON TABLE cases IS '[personal] The work of a social worker with one household, from intake to aftercare; who works on it is in assignments.';
COMMENT ON COLUMN cases.plan IS '[personal] Goals and actions: text, need, who, until when, cost, how far.';
COMMENT ON COLUMN cases.weight IS 'How much of a worker''s time it takes, 1 to 5; the caseload is the sum.';
COMMENT ON COLUMN cases.assessment_due_at IS 'An emergency starts at the intervention; its assessment is due then.';

CREATE TABLE case_problems (
    case_id uuid NOT NULL REFERENCES cases (id),
    problem_id uuid NOT NULL REFERENCES problems (id),
    PRIMARY KEY (case_id, problem_id)
);
CREATE INDEX case_problems_problem ON case_problems (problem_id);
COMMENT ON TABLE case_problems IS 'Which problems a case works on; a restricted problem is worked on in a restricted case only.';

ALTER TABLE assessments ADD CONSTRAINT assessments_case FOREIGN KEY (case_id) REFERENCES cases (id);
CREATE INDEX assessments_case_id ON assessments (case_id) WHERE case_id IS NOT NULL;

CREATE TABLE case_visits (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES cases (id),
    kind text NOT NULL CHECK (kind IN ('home', 'office', 'phone', 'conference')),
    planned_on date NOT NULL,
    account_id uuid NOT NULL REFERENCES accounts (id),
    status text NOT NULL DEFAULT 'planned' CHECK (status IN ('planned', 'done', 'missed', 'cancelled')),
    done_on date,
    purpose text,
    note text,
    created_by uuid,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT case_visits_done CHECK ((status = 'done') = (done_on IS NOT NULL))
);
CREATE INDEX case_visits_case ON case_visits (case_id, planned_on);
CREATE INDEX case_visits_account ON case_visits (account_id, planned_on) WHERE status = 'planned';
COMMENT ON TABLE case_visits IS '[personal] Visits and talks, planned and done; the next planned one is when the case is due.';

CREATE TABLE case_events (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES cases (id),
    event text NOT NULL,
    from_stage text,
    to_stage text,
    account_id uuid,
    note text,
    actor_id uuid,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX case_events_case ON case_events (case_id, id);
COMMENT ON TABLE case_events IS '[personal] History of a case: stages, hand-overs with their note, visits. Append-only.';
CREATE TRIGGER case_events_append_only BEFORE UPDATE OR DELETE ON case_events FOR EACH ROW EXECUTE FUNCTION forbid_change();
CREATE TRIGGER case_events_no_truncate BEFORE TRUNCATE ON case_events FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

ALTER TABLE assignments ADD COLUMN note text, ADD COLUMN until_on date, ADD COLUMN assigned_by uuid REFERENCES accounts (id);
COMMENT ON COLUMN assignments.note IS '[personal] Hand-over note: what the next worker must know.';
COMMENT ON COLUMN assignments.until_on IS 'Last day of a deputy''s assignment; the worker process ends it then.';
CREATE UNIQUE INDEX assignments_one_lead ON assignments (subject_id) WHERE subject_kind = 'case' AND duty = 'lead' AND to_at IS NULL;
CREATE UNIQUE INDEX assignments_once ON assignments (subject_id, account_id) WHERE subject_kind = 'case' AND to_at IS NULL;

-- Nobody walks away from open cases: they are handed over first.
CREATE FUNCTION accounts_keep_cases() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM assignments a JOIN cases c ON c.id = a.subject_id
               WHERE a.account_id = NEW.id AND a.subject_kind = 'case' AND a.duty = 'lead' AND a.to_at IS NULL AND c.closed_at IS NULL) THEN
        RAISE EXCEPTION 'the account leads open cases' USING ERRCODE = 'check_violation', CONSTRAINT = 'accounts_open_cases';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION accounts_keep_cases() IS 'An account that leads open cases is not closed before they are handed over.';
CREATE TRIGGER accounts_open_cases BEFORE UPDATE OF status ON accounts FOR EACH ROW
    WHEN (OLD.status = 'active' AND NEW.status = 'disabled') EXECUTE FUNCTION accounts_keep_cases();

CREATE OR REPLACE FUNCTION notify_assigned_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM assignments WHERE subject_id = NEW.id AND to_at IS NULL)
        OR EXISTS (SELECT FROM cases c JOIN assignments a ON a.subject_id = c.id WHERE c.household_id = NEW.id AND a.to_at IS NULL) THEN
        PERFORM pg_notify('access_changed', TG_TABLE_NAME);
    END IF;
    RETURN NULL;
END $$;
