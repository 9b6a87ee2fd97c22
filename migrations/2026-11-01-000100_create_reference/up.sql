CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE regions (
    code text PRIMARY KEY,
    name text NOT NULL,
    level text NOT NULL CHECK (level IN ('country', 'province', 'city', 'kecamatan', 'kelurahan')),
    parent_code text REFERENCES regions (code),
    aliases text[] NOT NULL DEFAULT '{}',
    lat double precision,
    lng double precision,
    postal_code text,
    in_city boolean NOT NULL DEFAULT false,
    updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE regions IS 'Administrative regions by Kemendagri code (dotted). in_city marks the city this database serves; the rest of the country is there for lookups.';
CREATE INDEX regions_parent ON regions (parent_code);

CREATE TABLE code_lists (
    slug text PRIMARY KEY,
    name jsonb NOT NULL,
    version integer NOT NULL DEFAULT 1,
    source text NOT NULL DEFAULT '',
    updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE code_lists IS 'Versioned reference lists: PPKS types, needs, pillars, housing and personal codes, reasons.';

CREATE TABLE code_entries (
    list_slug text NOT NULL REFERENCES code_lists (slug),
    code text NOT NULL,
    name jsonb NOT NULL,
    sensitivity text NOT NULL DEFAULT 'open' CHECK (sensitivity IN ('open', 'restricted')),
    sort integer NOT NULL DEFAULT 0,
    attrs jsonb NOT NULL DEFAULT '{}',
    since_version integer NOT NULL DEFAULT 1,
    retired_in_version integer,
    PRIMARY KEY (list_slug, code)
);
COMMENT ON TABLE code_entries IS 'Entries of the code lists; retired in a version of the list, never deleted, since rows name their code.';
COMMENT ON COLUMN code_entries.sensitivity IS 'Everything made from a restricted entry inherits the label.';

CREATE TABLE code_maps (
    source text NOT NULL,
    version text NOT NULL,
    variable text NOT NULL,
    source_code text NOT NULL,
    list_slug text NOT NULL,
    code text NOT NULL,
    PRIMARY KEY (source, version, variable, source_code),
    FOREIGN KEY (list_slug, code) REFERENCES code_entries (list_slug, code)
);
COMMENT ON TABLE code_maps IS 'What a source writes for a variable, in which version of its layout, and the canonical entry it means.';

CREATE TABLE organizations (
    id uuid PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('opd', 'province', 'ministry', 'foundation', 'philanthropy', 'zakat', 'company')),
    status text NOT NULL DEFAULT 'applied' CHECK (status IN ('applied', 'verified', 'dormant', 'suspended')),
    sensitivity text NOT NULL DEFAULT 'open' CHECK (sensitivity IN ('open', 'restricted')),
    registration_number text,
    registration_expires_on date,
    agreement_number text,
    agreement_until date,
    email text,
    phone text,
    address text,
    demo boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE organizations IS 'City agencies (OPD), province, ministries, foundations, philanthropy, zakat bodies and companies.';
