CREATE TABLE exports (
    id uuid PRIMARY KEY,
    resource text NOT NULL CHECK (resource IN ('households')),
    format text NOT NULL CHECK (format IN ('csv', 'ndjson', 'xlsx')),
    filter jsonb NOT NULL DEFAULT '{}',
    operation_id uuid NOT NULL REFERENCES operations (id),
    row_count bigint,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX exports_creator ON exports (created_by, id);
COMMENT ON TABLE exports IS 'Lists written to a file for the account that asked; the file lies in DATA_DIR and is deleted after a day.';
