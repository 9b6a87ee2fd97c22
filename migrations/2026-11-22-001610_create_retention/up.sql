SET LOCAL lock_timeout = '5s';

CREATE TABLE retention_classes (
    code text PRIMARY KEY CHECK (code ~ '^[a-z_]{1,40}$'),
    name jsonb NOT NULL,
    action text NOT NULL CHECK (action IN ('delete', 'deidentify', 'destroy_key')),
    after_days integer NOT NULL CHECK (after_days BETWEEN 30 AND 36500),
    least_days integer NOT NULL,
    basis text NOT NULL CHECK (length(basis) BETWEEN 1 AND 500),
    version bigint NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT retention_classes_least CHECK (after_days >= least_days)
);
COMMENT ON TABLE retention_classes IS 'What is kept for how long, and by which law. What each class holds is known to the code.';
COMMENT ON COLUMN retention_classes.code IS 'Which data.';
COMMENT ON COLUMN retention_classes.name IS 'In both languages.';
COMMENT ON COLUMN retention_classes.action IS 'What becomes of them then.';
COMMENT ON COLUMN retention_classes.after_days IS 'Days after which they go.';
COMMENT ON COLUMN retention_classes.least_days IS 'Fewer days than this are never set.';
COMMENT ON COLUMN retention_classes.basis IS 'Regulation it rests on.';
COMMENT ON COLUMN retention_classes.version IS 'Raised by every change.';
COMMENT ON COLUMN retention_classes.updated_at IS 'When it last changed.';
INSERT INTO retention_classes (code, name, action, after_days, least_days, basis) VALUES
    ('abandoned_drafts', '{"id": "Draf asesmen yang ditinggalkan", "en": "Abandoned drafts of assessments"}', 'delete', 180, 30, 'UU 27/2022 pasal 16 ayat (2) huruf e'),
    ('evidence_files', '{"id": "Berkas bukti masalah yang sudah selesai", "en": "Evidence files of problems that have ended"}', 'deidentify', 1825, 365, 'UU 27/2022 pasal 16 ayat (2) huruf g; UU 43/2009'),
    ('access_detail', '{"id": "Rincian catatan akses", "en": "Detail of the access log"}', 'delete', 1825, 1825, 'UU 27/2022 pasal 31'),
    ('audit_values', '{"id": "Nilai pribadi dalam jejak audit keluarga yang sudah tidak ada", "en": "Personal values in the audit trail of households that have ended"}', 'destroy_key', 3650, 365, 'UU 27/2022 pasal 44');

CREATE TABLE legal_holds (
    id uuid PRIMARY KEY,
    household_id uuid NOT NULL REFERENCES households (id),
    individual_id uuid REFERENCES individuals (id),
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 1000),
    placed_by uuid NOT NULL REFERENCES accounts (id),
    placed_at timestamptz NOT NULL DEFAULT now(),
    lifted_by uuid REFERENCES accounts (id),
    lifted_at timestamptz,
    lift_reason text CHECK (length(lift_reason) <= 1000),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT legal_holds_lifted CHECK ((lifted_by IS NULL) = (lifted_at IS NULL) AND (lifted_by IS NULL) = (lift_reason IS NULL))
);
CREATE INDEX legal_holds_household ON legal_holds (household_id);
CREATE INDEX legal_holds_individual ON legal_holds (individual_id) WHERE individual_id IS NOT NULL;
CREATE UNIQUE INDEX legal_holds_open ON legal_holds (coalesce(individual_id, household_id)) WHERE lifted_at IS NULL;
COMMENT ON TABLE legal_holds IS 'Nothing of a held household or person is destroyed, whatever its age.';
COMMENT ON COLUMN legal_holds.id IS 'UUIDv7.';
COMMENT ON COLUMN legal_holds.household_id IS 'The household, or that of the person when it was placed.';
COMMENT ON COLUMN legal_holds.individual_id IS 'The person, where it is on one; it goes with him.';
COMMENT ON COLUMN legal_holds.reason IS '[personal] Why.';
COMMENT ON COLUMN legal_holds.placed_by IS 'Who placed it.';
COMMENT ON COLUMN legal_holds.placed_at IS 'When.';
COMMENT ON COLUMN legal_holds.lifted_by IS 'Who lifted it.';
COMMENT ON COLUMN legal_holds.lifted_at IS 'When; null while it holds.';
COMMENT ON COLUMN legal_holds.lift_reason IS '[personal] Why it was lifted.';
COMMENT ON COLUMN legal_holds.version IS 'Raised by every step.';

CREATE FUNCTION is_held(subject uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM legal_holds l LEFT JOIN individuals i ON i.id = l.individual_id
        WHERE l.lifted_at IS NULL AND subject IN (l.household_id, l.individual_id, i.household_id))
$$;
COMMENT ON FUNCTION is_held(uuid) IS 'Whether a household or person is under a legal hold, of its own or of somebody in it.';

CREATE FUNCTION forbid_held() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF is_held(OLD.subject_id) THEN
        RAISE EXCEPTION 'a legal hold keeps this' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'subject_keys_held';
    END IF;
    RETURN OLD;
END $$;
COMMENT ON FUNCTION forbid_held() IS 'The key of what is held is never destroyed, whoever asks.';
CREATE TRIGGER subject_keys_held BEFORE DELETE ON subject_keys FOR EACH ROW EXECUTE FUNCTION forbid_held();

-- The access log may be forgotten after five years, by this function alone: the service itself may not delete from it.
DROP TRIGGER access_log_append_only ON access_log;
CREATE TRIGGER access_log_append_only BEFORE UPDATE ON access_log FOR EACH ROW EXECUTE FUNCTION forbid_change();
CREATE TRIGGER access_log_kept BEFORE DELETE ON access_log FOR EACH ROW
    WHEN (OLD.at > now() - interval '1825 days') EXECUTE FUNCTION forbid_change();
CREATE FUNCTION forget_access(before timestamptz, most integer) RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    WITH gone AS (
        DELETE FROM access_log WHERE id IN (
            SELECT a.id FROM access_log a WHERE a.at < before AND a.at < now() - interval '1825 days'
                AND NOT coalesce(is_held(a.household_id), false) AND NOT coalesce(is_held(a.subject_id), false) LIMIT most)
        RETURNING 1)
    SELECT count(*) FROM gone
$$;
COMMENT ON FUNCTION forget_access(timestamptz, integer) IS 'Deletes at most so many lines of the access log that are older than this and than five years, none of a held subject; how many.';

CREATE TABLE retention_runs (
    id uuid PRIMARY KEY,
    status text NOT NULL DEFAULT 'reporting' CHECK (status IN ('reporting', 'reported', 'applying', 'applied')),
    operation_id uuid NOT NULL,
    as_of timestamptz NOT NULL,
    report jsonb,
    result jsonb,
    requested_by uuid NOT NULL REFERENCES accounts (id),
    confirmed_by uuid REFERENCES accounts (id),
    confirmed_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT retention_runs_four_eyes CHECK (confirmed_by <> requested_by),
    CONSTRAINT retention_runs_confirmed CHECK ((status IN ('applying', 'applied')) = (confirmed_by IS NOT NULL) AND (confirmed_by IS NULL) = (confirmed_at IS NULL)),
    CONSTRAINT retention_runs_reported CHECK ((status = 'reporting') = (report IS NULL))
);
CREATE UNIQUE INDEX retention_runs_one ON retention_runs ((true)) WHERE status IN ('reporting', 'applying');
COMMENT ON TABLE retention_runs IS 'What has outlived its time: first a report, destroyed only when a second person has confirmed it.';
COMMENT ON INDEX retention_runs_one IS 'One at work at a time.';
COMMENT ON COLUMN retention_runs.id IS 'UUIDv7.';
COMMENT ON COLUMN retention_runs.status IS 'How far it is.';
COMMENT ON COLUMN retention_runs.operation_id IS 'The work at hand, or the last.';
COMMENT ON COLUMN retention_runs.as_of IS 'Moment that ages are counted from, in the report and when it is applied.';
COMMENT ON COLUMN retention_runs.report IS 'Counts and masked examples by class.';
COMMENT ON COLUMN retention_runs.result IS 'What was destroyed, by class.';
COMMENT ON COLUMN retention_runs.requested_by IS 'Who asked for the report.';
COMMENT ON COLUMN retention_runs.confirmed_by IS 'Second person who let it be applied.';
COMMENT ON COLUMN retention_runs.confirmed_at IS 'When.';
COMMENT ON COLUMN retention_runs.version IS 'Raised by every step.';
COMMENT ON COLUMN retention_runs.created_at IS 'When it was asked for.';
COMMENT ON COLUMN retention_runs.updated_at IS 'When it last changed.';
