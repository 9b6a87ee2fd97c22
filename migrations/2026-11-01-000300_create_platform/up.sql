CREATE TABLE installation (
    id boolean PRIMARY KEY DEFAULT true CHECK (id),
    kind text NOT NULL CHECK (kind IN ('real', 'demo')),
    seed bigint,
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE installation IS 'One row: whether this database holds a demo city or a real one. Demo data never goes over real data.';

CREATE TABLE operations (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    subject_id uuid,
    input jsonb NOT NULL DEFAULT '{}',
    progress_done bigint NOT NULL DEFAULT 0,
    progress_total bigint,
    progress_unit text NOT NULL DEFAULT 'rows',
    result jsonb,
    error jsonb,
    cancel_requested boolean NOT NULL DEFAULT false,
    attempts integer NOT NULL DEFAULT 0,
    claimed_by text,
    lease_until timestamptz,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    finished_at timestamptz
);
CREATE INDEX operations_open ON operations (created_at) WHERE state IN ('queued', 'running');
CREATE INDEX operations_creator ON operations (created_by, id);
COMMENT ON TABLE operations IS 'Long work: the queue the worker claims from (by lease) and what GET /operations shows.';

CREATE TABLE idempotency_keys (
    principal_id uuid NOT NULL,
    key text NOT NULL,
    operation text NOT NULL,
    request_hash bytea NOT NULL,
    status integer,
    headers jsonb,
    body bytea,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (principal_id, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
COMMENT ON TABLE idempotency_keys IS 'First answer of a POST by key; written in the transaction of the work itself.';

CREATE TABLE subject_keys (
    subject_id uuid PRIMARY KEY,
    key bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE subject_keys IS 'Key per subject under which personal values beside the audit chain lie; retention destroys the key.';

CREATE TABLE audit_events (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    actor_kind text NOT NULL CHECK (actor_kind IN ('account', 'client', 'system')),
    actor_id uuid,
    action text NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid,
    household_id uuid,
    sensitivity text NOT NULL DEFAULT 'open' CHECK (sensitivity IN ('open', 'restricted')),
    purpose text,
    reason text,
    request_id text,
    before_commitment bytea,
    after_commitment bytea
);
CREATE INDEX audit_events_subject ON audit_events (subject_id, id);
CREATE INDEX audit_events_household ON audit_events (household_id, id) WHERE household_id IS NOT NULL;
COMMENT ON TABLE audit_events IS 'Who did what to what, why and when, with salted commitments to the values before and after. Append-only.';

CREATE TABLE audit_values (
    event_id uuid PRIMARY KEY REFERENCES audit_events (id),
    subject_id uuid NOT NULL,
    salt bytea NOT NULL,
    sealed bytea NOT NULL
);
COMMENT ON TABLE audit_values IS 'The personal values of an audit event, encrypted under the subject''s key.';

CREATE TABLE access_log (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    actor_kind text NOT NULL,
    actor_id uuid NOT NULL,
    action text NOT NULL CHECK (action IN ('view', 'reveal', 'search', 'export')),
    subject_kind text NOT NULL,
    subject_id uuid,
    household_id uuid,
    purpose text,
    fields text[] NOT NULL DEFAULT '{}',
    request_id text
);
CREATE INDEX access_log_household ON access_log (household_id, id) WHERE household_id IS NOT NULL;
CREATE INDEX access_log_actor ON access_log (actor_id, action, at);
COMMENT ON TABLE access_log IS 'Who saw whom: records opened, numbers revealed, lists exported.';

CREATE FUNCTION forbid_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END $$;
CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON audit_events FOR EACH ROW EXECUTE FUNCTION forbid_change();
CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER access_log_append_only BEFORE UPDATE OR DELETE ON access_log FOR EACH ROW EXECUTE FUNCTION forbid_change();

-- A grant, a client or a key that changes must reach every instance within a second.
CREATE FUNCTION notify_access() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('access_changed', TG_TABLE_NAME);
    RETURN NULL;
END $$;
CREATE TRIGGER accounts_notify AFTER INSERT OR UPDATE OF status, person_id, str_valid_until OR DELETE ON accounts FOR EACH STATEMENT EXECUTE FUNCTION notify_access();
CREATE TRIGGER grants_notify AFTER INSERT OR UPDATE OR DELETE ON grants FOR EACH STATEMENT EXECUTE FUNCTION notify_access();
CREATE TRIGGER clients_notify AFTER INSERT OR UPDATE OR DELETE ON clients FOR EACH STATEMENT EXECUTE FUNCTION notify_access();
CREATE TRIGGER signing_keys_notify AFTER INSERT OR UPDATE OR DELETE ON signing_keys FOR EACH STATEMENT EXECUTE FUNCTION notify_access();
CREATE TRIGGER sessions_notify AFTER UPDATE OF revoked_at ON sessions FOR EACH STATEMENT EXECUTE FUNCTION notify_access();
