SET lock_timeout = '5s';

CREATE TABLE match_touches (
    region_code text NOT NULL COLLATE "C",
    slot integer NOT NULL CHECK (slot >= 0),
    touched_at timestamptz NOT NULL
);
CREATE INDEX match_touches_region ON match_touches (region_code, touched_at);
COMMENT ON TABLE match_touches IS 'Places evaluated by themselves lately: a run that read the city before that evaluates them again instead of storing what it read.';

-- A fact somebody disputes is not known until it is decided.
CREATE TRIGGER corrections_match_new AFTER INSERT ON corrections REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION matching_from_household();
CREATE TRIGGER corrections_match_changed AFTER UPDATE ON corrections REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION matching_from_household();
