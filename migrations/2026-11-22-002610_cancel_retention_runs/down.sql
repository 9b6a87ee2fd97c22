DELETE FROM retention_runs WHERE status = 'cancelled';
ALTER TABLE retention_runs
    DROP CONSTRAINT retention_runs_cancelled,
    DROP CONSTRAINT retention_runs_reported,
    DROP CONSTRAINT retention_runs_status_check,
    ADD CONSTRAINT retention_runs_status_check CHECK (status IN ('reporting', 'reported', 'applying', 'applied')),
    ADD CONSTRAINT retention_runs_reported CHECK ((status = 'reporting') = (report IS NULL)),
    DROP COLUMN cancelled_by,
    DROP COLUMN cancelled_at,
    DROP COLUMN cancel_reason;
