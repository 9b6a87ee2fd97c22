CREATE TABLE imports (
    id uuid PRIMARY KEY,
    profile text NOT NULL,
    period text NOT NULL CHECK (period ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
    status text NOT NULL DEFAULT 'uploaded' CHECK (status IN ('uploaded', 'staging', 'validated', 'reviewed', 'applying', 'applied', 'rejected', 'failed', 'cancelled', 'undone')),
    operation_id uuid REFERENCES operations (id),
    files jsonb NOT NULL DEFAULT '[]',
    counts jsonb NOT NULL DEFAULT '{}',
    error jsonb,
    scope_regions text[],
    created_by uuid,
    reviewed_by uuid,
    applied_by uuid,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    applied_at timestamptz
);
CREATE UNIQUE INDEX imports_one_applying ON imports (profile, period) WHERE status = 'applying';
COMMENT ON TABLE imports IS 'A delivery of agency files: uploaded, staged, validated, reviewed, applied. Applying twice changes nothing.';
COMMENT ON COLUMN imports.scope_regions IS 'Kelurahan this import is confined to (a village operator''s own); null is the whole city.';

CREATE TABLE import_issues (
    import_id uuid NOT NULL REFERENCES imports (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    file text NOT NULL,
    row_no integer NOT NULL,
    column_name text,
    code text NOT NULL,
    verdict text NOT NULL CHECK (verdict IN ('reject', 'drop', 'conflict', 'warn')),
    value_masked text,
    region_code text,
    PRIMARY KEY (import_id, id)
);
CREATE INDEX import_issues_code ON import_issues (import_id, code, id);
COMMENT ON TABLE import_issues IS 'What was found in one row of an imported file; values are masked.';

CREATE TABLE import_rejected (
    import_id uuid NOT NULL REFERENCES imports (id),
    file text NOT NULL,
    row_no integer NOT NULL,
    fields text[] NOT NULL,
    PRIMARY KEY (import_id, file, row_no)
);
COMMENT ON TABLE import_rejected IS '[personal] Rows to correct, in the layout they came in (rejected, conflicting, dropped values).';
