SET LOCAL lock_timeout = '5s';

CREATE TABLE instruments (
    id uuid PRIMARY KEY,
    code text NOT NULL,
    revision integer NOT NULL CHECK (revision > 0),
    name jsonb NOT NULL,
    description jsonb NOT NULL DEFAULT '{}',
    subject_kind text NOT NULL CHECK (subject_kind IN ('household', 'individual')),
    sensitivity text NOT NULL DEFAULT 'open' CHECK (sensitivity IN ('open', 'restricted')),
    definition jsonb NOT NULL,
    source text,
    status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'active', 'retired')),
    drafted_by uuid REFERENCES accounts (id),
    activated_by uuid REFERENCES accounts (id),
    activated_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT instruments_revision UNIQUE (code, revision),
    CONSTRAINT instruments_four_eyes CHECK (drafted_by IS NULL OR activated_by IS NULL OR drafted_by <> activated_by)
);
CREATE UNIQUE INDEX instruments_one_active ON instruments (code) WHERE status = 'active';
CREATE UNIQUE INDEX instruments_one_draft ON instruments (code) WHERE status = 'draft';
COMMENT ON TABLE instruments IS 'Forms of assessments as data: questions, conditions, scoring, findings. One revision of a code is active; used ones never change.';
COMMENT ON COLUMN instruments.definition IS 'Sections of questions, scores and findings; its shape is checked by the service.';
COMMENT ON COLUMN instruments.sensitivity IS 'What is made with a restricted instrument is restricted.';

CREATE FUNCTION instruments_freeze() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.definition IS DISTINCT FROM OLD.definition OR NEW.code <> OLD.code OR NEW.revision <> OLD.revision
        OR NEW.sensitivity <> OLD.sensitivity OR NEW.subject_kind <> OLD.subject_kind THEN
        RAISE EXCEPTION 'an activated instrument does not change' USING ERRCODE = 'check_violation', CONSTRAINT = 'instruments_frozen';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION instruments_freeze() IS 'What answers were given to must stay readable as it was.';
CREATE TRIGGER instruments_frozen BEFORE UPDATE OR DELETE ON instruments FOR EACH ROW WHEN (OLD.status <> 'draft') EXECUTE FUNCTION instruments_freeze();

CREATE TABLE assessments (
    id uuid PRIMARY KEY,
    household_id uuid NOT NULL REFERENCES households (id),
    individual_id uuid REFERENCES individuals (id),
    case_id uuid,
    problem_id uuid REFERENCES problems (id),
    instrument_id uuid NOT NULL REFERENCES instruments (id),
    kind text NOT NULL CHECK (kind IN ('assessment', 'screening')),
    status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'signed', 'countersigned', 'returned', 'superseded', 'discarded')),
    sensitivity text NOT NULL DEFAULT 'open' CHECK (sensitivity IN ('open', 'restricted')),
    answers jsonb NOT NULL DEFAULT '{}',
    result jsonb NOT NULL DEFAULT '{}',
    conclusion text,
    recommended jsonb NOT NULL DEFAULT '[]',
    author_id uuid NOT NULL REFERENCES accounts (id),
    str_number text,
    str_valid_until date,
    signed_at timestamptz,
    countersigned_by uuid REFERENCES accounts (id),
    countersigned_at timestamptz,
    return_reason text,
    amends_id uuid REFERENCES assessments (id),
    revision integer NOT NULL DEFAULT 1,
    demo boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT assessments_four_eyes CHECK (countersigned_by IS NULL OR countersigned_by <> author_id),
    CONSTRAINT assessments_signed CHECK ((status IN ('draft', 'discarded')) = (signed_at IS NULL)),
    CONSTRAINT assessments_str CHECK (kind = 'screening' OR signed_at IS NULL
        OR (str_number IS NOT NULL AND str_valid_until >= (signed_at AT TIME ZONE 'Asia/Jakarta')::date))
);
CREATE INDEX assessments_household ON assessments (household_id, id);
CREATE INDEX assessments_author ON assessments (author_id, id) WHERE status IN ('draft', 'returned');
CREATE INDEX assessments_waiting ON assessments (id) WHERE status = 'signed' AND kind = 'assessment';
CREATE UNIQUE INDEX assessments_one_amendment ON assessments (amends_id) WHERE status <> 'discarded';
COMMENT ON TABLE assessments IS '[personal] Answers to one revision of an instrument; signed with the STR of that day, counter-signed, locked, amended by a new row.';
COMMENT ON COLUMN assessments.kind IS 'Only a certified worker''s is an assessment; what others fill in stays a screening.';
COMMENT ON COLUMN assessments.result IS 'Scores with their breakdown, and findings, as computed when signed.';
COMMENT ON COLUMN assessments.recommended IS 'Needs the worker recommends: need_code, ppks_code, severity, note.';

CREATE TABLE assessment_problems (
    assessment_id uuid NOT NULL REFERENCES assessments (id),
    problem_id uuid NOT NULL REFERENCES problems (id),
    effect text NOT NULL CHECK (effect IN ('reported', 'confirmed', 'verified', 'known')),
    PRIMARY KEY (assessment_id, problem_id)
);
COMMENT ON TABLE assessment_problems IS 'What the signature of an assessment did to which problem.';

CREATE FUNCTION assessments_freeze() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.answers IS DISTINCT FROM OLD.answers OR NEW.result IS DISTINCT FROM OLD.result
        OR NEW.conclusion IS DISTINCT FROM OLD.conclusion OR NEW.recommended IS DISTINCT FROM OLD.recommended
        OR NEW.instrument_id <> OLD.instrument_id OR NEW.author_id <> OLD.author_id OR NEW.kind <> OLD.kind
        OR NEW.str_number IS DISTINCT FROM OLD.str_number OR NEW.str_valid_until IS DISTINCT FROM OLD.str_valid_until
        OR NEW.signed_at IS DISTINCT FROM OLD.signed_at OR NEW.status = 'draft' THEN
        RAISE EXCEPTION 'a signed assessment does not change' USING ERRCODE = 'check_violation', CONSTRAINT = 'assessments_locked';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION assessments_freeze() IS 'A signed assessment is evidence: only its way through counter-signature is still written.';
CREATE TRIGGER assessments_locked BEFORE UPDATE OR DELETE ON assessments FOR EACH ROW WHEN (OLD.signed_at IS NOT NULL) EXECUTE FUNCTION assessments_freeze();
CREATE TRIGGER assessments_no_truncate BEFORE TRUNCATE ON assessments FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

-- An emergency is helped first and assessed within this time; without it, further help waits.
CREATE FUNCTION emergency_is_covered(household uuid, reported timestamptz, at timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT at <= reported + interval '72 hours' OR EXISTS (
        SELECT 1 FROM assessments a WHERE a.household_id = household AND a.kind = 'assessment' AND a.signed_at >= reported
          AND a.status IN ('signed', 'countersigned', 'superseded'))
$$;
COMMENT ON FUNCTION emergency_is_covered(uuid, timestamptz, timestamptz) IS 'Whether help for an unverified emergency may still be sent: within 72 hours of the report, or once a signed assessment is there.';
