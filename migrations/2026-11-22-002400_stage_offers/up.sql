SET lock_timeout = '5s';

-- Which layout read the files, and whether its rows can name what is restricted, stand with the import: a profile changes.
ALTER TABLE imports
    ADD COLUMN profile_version integer NOT NULL DEFAULT 1 CHECK (profile_version > 0),
    ADD COLUMN sensitive boolean NOT NULL DEFAULT false,
    ADD COLUMN list text;
COMMENT ON COLUMN imports.profile_version IS 'Version of the profile that reads its files; 1 of a profile that comes with the service is the service''s own.';
COMMENT ON COLUMN imports.sensitive IS 'Whether its rows can name what is restricted: then it is for who sent it and for supervisors.';
COMMENT ON COLUMN imports.list IS 'What a list is about (needs, growth, work, offers); null for files of families.';
UPDATE imports SET sensitive = true, list = 'needs' WHERE profile = 'ppks';

ALTER TABLE import_diffs DROP CONSTRAINT import_diffs_subject_kind_check,
    ADD CONSTRAINT import_diffs_subject_kind_check CHECK (subject_kind IN ('household', 'individual', 'program'));
COMMENT ON COLUMN import_diffs.subject_kind IS 'household, individual or program.';
