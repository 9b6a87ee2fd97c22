SET lock_timeout = '5s';

CREATE TABLE import_profiles (
    id uuid PRIMARY KEY,
    name text NOT NULL CHECK (name ~ '^[a-z][a-z0-9_]{1,39}$'),
    profile_version integer NOT NULL CHECK (profile_version > 0),
    origin text NOT NULL DEFAULT 'office' CHECK (origin IN ('built_in', 'office')),
    label jsonb NOT NULL,
    definition jsonb NOT NULL,
    status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'active', 'retired')),
    drafted_by uuid REFERENCES accounts (id),
    activated_by uuid REFERENCES accounts (id),
    activated_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT import_profiles_version UNIQUE (name, profile_version),
    CONSTRAINT import_profiles_drafted CHECK (origin = 'built_in' OR drafted_by IS NOT NULL),
    CONSTRAINT import_profiles_two_keys CHECK (origin = 'built_in' OR status <> 'active' OR activated_by IS NOT NULL),
    CONSTRAINT import_profiles_four_eyes CHECK (drafted_by IS NULL OR activated_by IS NULL OR drafted_by <> activated_by)
);
CREATE UNIQUE INDEX import_profiles_one_active ON import_profiles (name) WHERE status = 'active';
CREATE UNIQUE INDEX import_profiles_one_draft ON import_profiles (name) WHERE status = 'draft';
COMMENT ON TABLE import_profiles IS 'Layouts of the agencies'' files as data, in versions: which heading means which variable and which value which code. One version of a name is active; what has read a file never changes.';
COMMENT ON COLUMN import_profiles.id IS 'Id of the version.';
COMMENT ON COLUMN import_profiles.name IS 'Name that all its versions share; an upload gives it.';
COMMENT ON COLUMN import_profiles.profile_version IS 'Which version, from 1.';
COMMENT ON COLUMN import_profiles.origin IS 'built_in came with the service, office was made here.';
COMMENT ON COLUMN import_profiles.label IS 'What people call it, in both languages.';
COMMENT ON COLUMN import_profiles.definition IS 'Files, columns, codes; its shape is checked by the service.';
COMMENT ON COLUMN import_profiles.status IS 'draft, active or retired.';
COMMENT ON COLUMN import_profiles.drafted_by IS 'Who wrote it.';
COMMENT ON COLUMN import_profiles.activated_by IS 'Whose second key put it into use.';
COMMENT ON COLUMN import_profiles.activated_at IS 'When.';
COMMENT ON COLUMN import_profiles.version IS 'Version of the row, as in the ETag.';
COMMENT ON COLUMN import_profiles.created_at IS 'When it was entered.';
COMMENT ON COLUMN import_profiles.updated_at IS 'When it last changed.';

CREATE FUNCTION import_profiles_freeze() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.definition IS DISTINCT FROM OLD.definition OR NEW.name <> OLD.name OR NEW.profile_version <> OLD.profile_version THEN
        RAISE EXCEPTION 'a profile that was in use does not change' USING ERRCODE = 'check_violation', CONSTRAINT = 'import_profiles_frozen';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION import_profiles_freeze() IS 'By what a file was read must stay readable as it was.';
CREATE TRIGGER import_profiles_frozen BEFORE UPDATE OR DELETE ON import_profiles FOR EACH ROW
    WHEN (OLD.status <> 'draft' AND OLD.origin = 'office') EXECUTE FUNCTION import_profiles_freeze();
