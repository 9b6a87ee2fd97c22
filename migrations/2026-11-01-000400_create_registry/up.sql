CREATE TABLE households (
    id uuid PRIMARY KEY,
    kind text NOT NULL DEFAULT 'family' CHECK (kind IN ('family', 'institution', 'unhoused')),
    status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'moved', 'dissolved', 'merged')),
    merged_into uuid REFERENCES households (id),
    region_code text NOT NULL COLLATE "C" REFERENCES regions (code),
    district_code text NOT NULL COLLATE "C",
    dwelling_id uuid,
    family_card_number text,
    head_id uuid,
    head_name text,
    declared_members integer,
    members_count integer NOT NULL DEFAULT 0,
    members_complete boolean NOT NULL DEFAULT false,
    decile smallint CHECK (decile BETWEEN 1 AND 10),
    decile_source text,
    source text NOT NULL DEFAULT 'manual',
    demo boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE households IS 'The family (keluarga), the unit of a family card; narrow on purpose, the rest is in household_details.';
COMMENT ON COLUMN households.region_code IS 'Domicile kelurahan, dotted Kemendagri code: decides who sees the row.';
COMMENT ON COLUMN households.district_code IS 'Kecamatan of region_code, kept beside it so that one index serves a kecamatan''s pages.';
COMMENT ON COLUMN households.family_card_number IS '[personal] Current No. KK; its claims and history are in identifiers.';
COMMENT ON COLUMN households.head_name IS '[personal]';

CREATE TABLE household_details (
    household_id uuid PRIMARY KEY REFERENCES households (id),
    registered_address text,
    registered_rt text,
    registered_rw text,
    registered_region_code text,
    street text,
    rt text,
    rw text,
    lat double precision,
    lng double precision,
    housing jsonb NOT NULL DEFAULT '{}',
    assets jsonb NOT NULL DEFAULT '{}',
    note text
);
COMMENT ON TABLE household_details IS '[personal] Addresses (registered and domicile), housing and assets in canonical codes.';

CREATE TABLE individuals (
    id uuid PRIMARY KEY,
    household_id uuid NOT NULL REFERENCES households (id),
    name text NOT NULL,
    name_key text NOT NULL COLLATE "C",
    nik text,
    nik_status text CHECK (nik_status IN ('unchecked', 'matched', 'not_matched', 'disputed')),
    sex text CHECK (sex IN ('male', 'female')),
    birth_date date,
    birth_date_precision text NOT NULL DEFAULT 'day' CHECK (birth_date_precision IN ('day', 'month', 'year', 'unknown')),
    mother_name text,
    relation text,
    marital_status text,
    phone text,
    life_status text NOT NULL DEFAULT 'alive' CHECK (life_status IN ('alive', 'deceased', 'moved')),
    deceased_on date,
    facts jsonb NOT NULL DEFAULT '{}',
    accommodations jsonb NOT NULL DEFAULT '{}',
    joined_on date,
    merged_into uuid REFERENCES individuals (id),
    source text NOT NULL DEFAULT 'manual',
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE individuals IS '[personal] People, each in the household of the current registered membership; ended memberships are in memberships.';
COMMENT ON COLUMN individuals.name_key IS 'Normalised, order-free match key of the name.';
COMMENT ON COLUMN individuals.nik IS 'NIK of the leading claim, for display; uniqueness and lookup are by identifiers.';
COMMENT ON COLUMN individuals.facts IS 'School, work, function limits, illness, nutrition, insurance in canonical codes; restricted ones are in restricted_facts.';

CREATE TABLE restricted_facts (
    id uuid PRIMARY KEY,
    individual_id uuid NOT NULL REFERENCES individuals (id),
    household_id uuid NOT NULL REFERENCES households (id),
    variable text NOT NULL,
    code text NOT NULL,
    source text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (individual_id, variable)
);
COMMENT ON TABLE restricted_facts IS '[personal] Facts whose code is labelled restricted, kept apart so that no ordinary query can carry them.';

CREATE TABLE memberships (
    id uuid PRIMARY KEY,
    household_id uuid NOT NULL REFERENCES households (id),
    individual_id uuid NOT NULL REFERENCES individuals (id),
    kind text NOT NULL DEFAULT 'registered' CHECK (kind IN ('registered', 'resides')),
    relation text,
    from_date date,
    to_date date,
    end_reason text
);
CREATE INDEX memberships_household ON memberships (household_id);
CREATE INDEX memberships_individual ON memberships (individual_id);
COMMENT ON TABLE memberships IS 'Ended registered memberships and every residence elsewhere. The current registered one stands on the individual itself.';

CREATE TABLE identifiers (
    id uuid PRIMARY KEY,
    subject_kind text NOT NULL CHECK (subject_kind IN ('household', 'individual')),
    subject_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('nik', 'family_card', 'dtsen', 'p3ke', 'other')),
    value text NOT NULL COLLATE "C",
    source text NOT NULL,
    status text NOT NULL DEFAULT 'unchecked' CHECK (status IN ('unchecked', 'matched', 'not_matched', 'disputed')),
    valid_from date,
    valid_to date,
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE identifiers IS '[personal] Identifiers are claims with a source and a status; only matched ones are unique.';
CREATE UNIQUE INDEX identifiers_matched ON identifiers (kind, value) WHERE status = 'matched' AND valid_to IS NULL;

CREATE TABLE welfare_snapshots (
    household_id uuid NOT NULL REFERENCES households (id),
    source text NOT NULL,
    period text NOT NULL CHECK (period ~ '^[0-9]{4}-[0-9]{2}$'),
    decile_national smallint CHECK (decile_national BETWEEN 1 AND 10),
    decile_province smallint CHECK (decile_province BETWEEN 1 AND 10),
    decile_city smallint CHECK (decile_city BETWEEN 1 AND 10),
    facts jsonb NOT NULL DEFAULT '{}',
    import_id uuid,
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (household_id, source, period)
);
COMMENT ON TABLE welfare_snapshots IS 'What one source said of a household in one period; the sources stand side by side.';

CREATE TABLE registry_events (
    id uuid PRIMARY KEY,
    household_id uuid NOT NULL REFERENCES households (id),
    individual_id uuid,
    kind text NOT NULL,
    detail jsonb NOT NULL DEFAULT '{}',
    actor_id uuid,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX registry_events_household ON registry_events (household_id, id);
COMMENT ON TABLE registry_events IS 'What happened to a household in the registry, for its timeline; kinds and codes, no personal values.';

CREATE TABLE coordinator_tasks (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    household_id uuid,
    individual_id uuid,
    other_individual_id uuid,
    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'done', 'dismissed')),
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE coordinator_tasks IS 'Conflicts only the coordinator may learn of, such as a NIK that already exists elsewhere.';

CREATE TABLE assignments (
    id uuid PRIMARY KEY,
    subject_kind text NOT NULL CHECK (subject_kind IN ('household', 'problem', 'case', 'referral')),
    subject_id uuid NOT NULL,
    account_id uuid NOT NULL REFERENCES accounts (id),
    duty text NOT NULL CHECK (duty IN ('lead', 'co_worker', 'supervisor')),
    from_at timestamptz NOT NULL DEFAULT now(),
    to_at timestamptz
);
CREATE INDEX assignments_subject ON assignments (subject_id) WHERE to_at IS NULL;
CREATE INDEX assignments_account ON assignments (account_id, subject_kind) WHERE to_at IS NULL;
COMMENT ON TABLE assignments IS 'Who works on what, dated; opens restricted items to exactly these people.';

-- Secondary indexes and foreign keys of the bulk tables live in one function, so that an initial load can build them after the rows.
CREATE FUNCTION registry_indexes_create() RETURNS void LANGUAGE sql AS $$
    CREATE INDEX IF NOT EXISTS households_region ON households (region_code, id);
    CREATE INDEX IF NOT EXISTS households_district ON households (district_code, id);
    CREATE INDEX IF NOT EXISTS households_updated ON households (updated_at, id);
    CREATE INDEX IF NOT EXISTS households_decile ON households ((coalesce(decile, 11::smallint)), id);
    CREATE INDEX IF NOT EXISTS households_head_name ON households ((coalesce(head_name, '') COLLATE "C"), id);
    CREATE INDEX IF NOT EXISTS individuals_household ON individuals (household_id);
    CREATE INDEX IF NOT EXISTS individuals_name_key ON individuals (name_key);
    CREATE INDEX IF NOT EXISTS identifiers_value ON identifiers (kind, value);
    CREATE INDEX IF NOT EXISTS identifiers_subject ON identifiers (subject_id);
$$;
CREATE FUNCTION registry_indexes_drop() RETURNS void LANGUAGE sql AS $$
    DROP INDEX IF EXISTS households_region, households_district, households_updated, households_decile, households_head_name,
        individuals_household, individuals_name_key, identifiers_value, identifiers_subject;
$$;
SELECT registry_indexes_create();
COMMENT ON FUNCTION registry_indexes_create() IS 'Secondary indexes of the registry; also called after a bulk load into an empty registry.';

CREATE TABLE name_keys (
    name_key text PRIMARY KEY COLLATE "C",
    uses integer NOT NULL DEFAULT 1
);
CREATE INDEX name_keys_trgm ON name_keys USING gin (name_key gin_trgm_ops);
COMMENT ON TABLE name_keys IS 'Distinct name keys: what Postgres searches with typos while the index in memory is not there yet.';

CREATE TABLE registry_changes (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('household', 'individual', 'bulk')),
    subject_id uuid,
    at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE registry_changes IS 'Feed for the search indexes in memory: which rows changed since a number; bulk means read everything again.';
