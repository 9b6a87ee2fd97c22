SET lock_timeout = '5s';
DELETE FROM import_diffs WHERE subject_kind = 'program';
ALTER TABLE import_diffs DROP CONSTRAINT import_diffs_subject_kind_check,
    ADD CONSTRAINT import_diffs_subject_kind_check CHECK (subject_kind IN ('household', 'individual'));
COMMENT ON COLUMN import_diffs.subject_kind IS 'household or individual.';
ALTER TABLE imports DROP COLUMN list, DROP COLUMN sensitive, DROP COLUMN profile_version;
