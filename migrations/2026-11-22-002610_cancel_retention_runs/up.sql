SET LOCAL lock_timeout = '5s';

ALTER TABLE retention_runs
    ADD COLUMN cancelled_by uuid REFERENCES accounts (id),
    ADD COLUMN cancelled_at timestamptz,
    ADD COLUMN cancel_reason text CHECK (length(cancel_reason) BETWEEN 1 AND 1000),
    DROP CONSTRAINT retention_runs_status_check,
    DROP CONSTRAINT retention_runs_reported,
    ADD CONSTRAINT retention_runs_status_check CHECK (status IN ('reporting', 'reported', 'applying', 'applied', 'cancelled')),
    ADD CONSTRAINT retention_runs_reported CHECK (status = 'cancelled' OR (status = 'reporting') = (report IS NULL)),
    ADD CONSTRAINT retention_runs_cancelled CHECK ((status = 'cancelled') = (cancelled_by IS NOT NULL)
        AND (cancelled_by IS NULL) = (cancelled_at IS NULL) AND (cancelled_by IS NULL) = (cancel_reason IS NULL));
COMMENT ON COLUMN retention_runs.cancelled_by IS 'Who gave it up before anything was destroyed.';
COMMENT ON COLUMN retention_runs.cancelled_at IS 'When.';
COMMENT ON COLUMN retention_runs.cancel_reason IS 'Why.';

-- Files that show an error of the registry outlive their correction as long as those of a problem do.
UPDATE retention_classes SET name = '{"id": "Berkas bukti masalah dan koreksi yang sudah selesai", "en": "Evidence files of problems and corrections that have ended"}'
WHERE code = 'evidence_files';
