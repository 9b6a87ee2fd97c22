SET lock_timeout = '5s';

CREATE TABLE quality_counts (
    region_code text NOT NULL COLLATE "C",
    district_code text NOT NULL COLLATE "C",
    subject_kind text NOT NULL CHECK (subject_kind IN ('household', 'individual')),
    source text NOT NULL,
    field text NOT NULL,
    records bigint NOT NULL,
    filled bigint NOT NULL,
    stale bigint NOT NULL,
    conflicts bigint NOT NULL,
    PRIMARY KEY (region_code, subject_kind, source, field)
);
COMMENT ON TABLE quality_counts IS 'How complete and fresh the registry is and where sources disagree, counted a kelurahan, source and field. Open fields only.';
COMMENT ON COLUMN quality_counts.region_code IS 'Kelurahan of domicile.';
COMMENT ON COLUMN quality_counts.district_code IS 'Its kecamatan.';
COMMENT ON COLUMN quality_counts.subject_kind IS 'household or individual.';
COMMENT ON COLUMN quality_counts.source IS 'Source the records came from.';
COMMENT ON COLUMN quality_counts.field IS 'Field.';
COMMENT ON COLUMN quality_counts.records IS 'Records.';
COMMENT ON COLUMN quality_counts.filled IS 'Of them, those that hold a value.';
COMMENT ON COLUMN quality_counts.stale IS 'Of them, those nobody confirmed for twelve months.';
COMMENT ON COLUMN quality_counts.conflicts IS 'Of them, those of which sources or records disagree.';
CREATE INDEX quality_counts_district ON quality_counts (district_code);

CREATE TABLE quality_runs (
    district_code text PRIMARY KEY COLLATE "C",
    seq bigint NOT NULL,
    computed_at timestamptz NOT NULL
);
COMMENT ON TABLE quality_runs IS 'Until where each kecamatan was counted.';
COMMENT ON COLUMN quality_runs.district_code IS 'Kecamatan.';
COMMENT ON COLUMN quality_runs.seq IS 'Newest change of the registry then.';
COMMENT ON COLUMN quality_runs.computed_at IS 'When.';
