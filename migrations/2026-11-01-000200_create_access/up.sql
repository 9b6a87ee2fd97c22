CREATE TABLE accounts (
    id uuid PRIMARY KEY,
    username text NOT NULL,
    display_name text NOT NULL,
    email text,
    password_hash text NOT NULL,
    password_changed_at timestamptz NOT NULL DEFAULT now(),
    must_change_password boolean NOT NULL DEFAULT false,
    totp_secret bytea,
    totp_enabled boolean NOT NULL DEFAULT false,
    totp_last_step bigint,
    status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled')),
    str_number text,
    str_valid_until date,
    person_id uuid,
    demo boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX accounts_username ON accounts (lower(username));
COMMENT ON TABLE accounts IS 'People who sign in. What they may do is in grants.';
COMMENT ON COLUMN accounts.totp_secret IS 'Encrypted under the installation secret.';
COMMENT ON COLUMN accounts.totp_last_step IS 'Last accepted time step: a code is good once.';
COMMENT ON COLUMN accounts.person_id IS 'The individual a citizen account stands for.';

CREATE TABLE grants (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id),
    role text NOT NULL CHECK (role IN ('admin', 'coordinator', 'social_worker', 'village_operator', 'agency_officer', 'partner', 'auditor', 'citizen')),
    scope_kind text NOT NULL CHECK (scope_kind IN ('city', 'kecamatan', 'kelurahan', 'organization', 'person')),
    scope_ref text,
    duties text[] NOT NULL DEFAULT '{}' CHECK (duties <@ ARRAY['supervise', 'publish', 'approve_money', 'ratify', 'override']),
    from_date date NOT NULL,
    to_date date,
    status text NOT NULL DEFAULT 'proposed' CHECK (status IN ('proposed', 'active', 'revoked')),
    proposed_by uuid REFERENCES accounts (id),
    approved_by uuid REFERENCES accounts (id),
    reason text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT grants_dates CHECK (to_date IS NULL OR to_date >= from_date),
    CONSTRAINT grants_scope_ref CHECK ((scope_kind = 'city') = (scope_ref IS NULL)),
    CONSTRAINT grants_four_eyes CHECK (proposed_by IS NULL OR approved_by IS NULL OR proposed_by <> approved_by)
);
CREATE INDEX grants_account ON grants (account_id);
COMMENT ON TABLE grants IS 'Dated role, scope and duties of an account. Proposed by an administrator, active after a coordinator''s second key.';

CREATE TABLE clients (
    id uuid PRIMARY KEY,
    client_id text NOT NULL UNIQUE,
    secret_hash text NOT NULL,
    name text NOT NULL,
    organization_id uuid REFERENCES organizations (id),
    scopes text[] NOT NULL DEFAULT '{}',
    status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled')),
    demo boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE clients IS 'Machine clients (OAuth 2 client credentials). A client bound to an organization acts for it alone.';

CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoked_reason text
);
CREATE INDEX sessions_account ON sessions (account_id) WHERE revoked_at IS NULL;

COMMENT ON TABLE sessions IS 'One row a sign-in; ended by sign-out, by an administrator, or by a refresh token that comes back.';

CREATE TABLE refresh_tokens (
    token_hash bytea PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    issued_at timestamptz NOT NULL DEFAULT now(),
    used_at timestamptz
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);
COMMENT ON TABLE refresh_tokens IS 'One row a rotation; a used one that comes back revokes the whole session.';

CREATE TABLE signing_keys (
    kid text PRIMARY KEY,
    algorithm text NOT NULL CHECK (algorithm IN ('EdDSA')),
    public_key bytea NOT NULL,
    private_key bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    signs_from timestamptz NOT NULL DEFAULT now(),
    retired_at timestamptz
);
COMMENT ON TABLE signing_keys IS 'Keys of the access tokens; a retired one verifies until its last token has expired.';
COMMENT ON COLUMN signing_keys.private_key IS 'PKCS#8, encrypted under the installation secret.';

CREATE TABLE login_failures (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('account', 'address')),
    key_hash bytea NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX login_failures_key ON login_failures (kind, key_hash, at);
COMMENT ON TABLE login_failures IS 'Failed sign-ins of the last minutes, by keyed hash of account name and address.';
