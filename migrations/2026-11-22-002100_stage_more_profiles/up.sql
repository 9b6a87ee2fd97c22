SET lock_timeout = '5s';

-- A family by another key than its card, the digest of a row, and the household a family was found to be.
ALTER TABLE import_families ADD COLUMN family_key text, ADD COLUMN row_hash bigint NOT NULL DEFAULT 0, ADD COLUMN linked uuid;
COMMENT ON COLUMN import_families.family_key IS '[personal] The source''s own key of the family, where it is not the card; family_card is then a negative digest of it.';
COMMENT ON COLUMN import_families.row_hash IS 'Digest of the cleaned row: the same row in the next delivery has the same.';
COMMENT ON COLUMN import_families.linked IS 'Household that the family''s people were found in, where the source has a key of its own.';
ALTER TABLE import_members ADD COLUMN family_key text, ADD COLUMN row_hash bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN import_members.family_key IS '[personal] The source''s own key of the family, where it is not the card.';
COMMENT ON COLUMN import_members.row_hash IS 'Digest of the cleaned row: the same row in the next delivery has the same.';

CREATE TABLE import_people (
    import_id uuid NOT NULL,
    row_no integer NOT NULL,
    rejected boolean NOT NULL,
    nik bigint,
    name text NOT NULL,
    name_key text NOT NULL COLLATE "C",
    mother_name text,
    birth_date date,
    birth_year_only boolean NOT NULL,
    sex text,
    phone text,
    region_code text COLLATE "C",
    street text,
    rt text,
    rw text,
    facts jsonb NOT NULL,
    restricted jsonb,
    entry jsonb NOT NULL,
    row_hash bigint NOT NULL
) PARTITION BY LIST (import_id);
COMMENT ON TABLE import_people IS '[personal] Rows of a list of people, cleaned; a partition an import, emptied when it is over.';
COMMENT ON COLUMN import_people.import_id IS 'Import.';
COMMENT ON COLUMN import_people.row_no IS 'Row in the file, from 1, header included.';
COMMENT ON COLUMN import_people.rejected IS 'Whether the row waits: rejected or in conflict.';
COMMENT ON COLUMN import_people.nik IS '[personal] NIK, where sixteen digits stood there.';
COMMENT ON COLUMN import_people.name IS '[personal] Name as written.';
COMMENT ON COLUMN import_people.name_key IS '[personal] Match key of the name.';
COMMENT ON COLUMN import_people.mother_name IS '[personal] Name of the mother.';
COMMENT ON COLUMN import_people.birth_date IS '[personal] Birth date.';
COMMENT ON COLUMN import_people.birth_year_only IS 'Whether only the year of it is known.';
COMMENT ON COLUMN import_people.sex IS 'male or female.';
COMMENT ON COLUMN import_people.phone IS '[personal] Phone.';
COMMENT ON COLUMN import_people.region_code IS 'Kelurahan of domicile.';
COMMENT ON COLUMN import_people.street IS '[personal] Street and number.';
COMMENT ON COLUMN import_people.rt IS 'RT, three digits.';
COMMENT ON COLUMN import_people.rw IS 'RW, three digits.';
COMMENT ON COLUMN import_people.facts IS 'Open facts, canonical.';
COMMENT ON COLUMN import_people.restricted IS '[personal] Restricted facts: pairs of variable and code.';
COMMENT ON COLUMN import_people.entry IS '[personal] What the list says of the person: a type of need, a measurement, a wish for work.';
COMMENT ON COLUMN import_people.row_hash IS 'Digest of the cleaned row and of how many equal ones stand above it.';

CREATE TABLE source_rows (
    source text NOT NULL,
    subject_id uuid NOT NULL,
    part text NOT NULL CHECK (part IN ('families', 'members', 'list')),
    row_hash bigint NOT NULL,
    import_id uuid NOT NULL,
    PRIMARY KEY (source, part, subject_id, row_hash)
);
COMMENT ON TABLE source_rows IS 'What each source said last of whom, as a digest: a row that comes again unchanged is passed over.';
COMMENT ON COLUMN source_rows.source IS 'Source, or the list it stood in.';
COMMENT ON COLUMN source_rows.subject_id IS 'Household or person the row speaks of.';
COMMENT ON COLUMN source_rows.part IS 'Part of the upload: families, members or list.';
COMMENT ON COLUMN source_rows.row_hash IS 'Digest of the cleaned row.';
COMMENT ON COLUMN source_rows.import_id IS 'Import that brought it.';
CREATE INDEX source_rows_import ON source_rows (import_id);

CREATE OR REPLACE FUNCTION import_stage_close(import uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT SET lock_timeout = '2s' AS $$
DECLARE
    base text;
    part text;
BEGIN
    FOREACH base IN ARRAY ARRAY['import_families', 'import_members', 'import_people'] LOOP
        part := base || '_' || replace(import::text, '-', '');
        IF to_regclass(part) IS NOT NULL THEN
            -- Dropping needs no room, truncating does: on a full disk only the first frees any. But it locks the parent:
            -- where another import is being read the partition is left, empty, for the next time.
            BEGIN
                EXECUTE format('DROP TABLE %I', part);
            EXCEPTION WHEN lock_not_available THEN
                EXECUTE format('TRUNCATE %I', part);
            END;
        END IF;
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION import_stage_open(import uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT SET lock_timeout = '10s' AS $$
DECLARE
    base text;
    part text;
BEGIN
    FOREACH base IN ARRAY ARRAY['import_families', 'import_members', 'import_people'] LOOP
        part := base || '_' || replace(import::text, '-', '');
        IF to_regclass(part) IS NOT NULL THEN
            EXECUTE format('TRUNCATE %I', part);
            EXECUTE format('DROP INDEX IF EXISTS %I', part || '_card');
        ELSE
            -- Attaching needs a weaker lock on the parent than creating the partition in place.
            EXECUTE format('CREATE UNLOGGED TABLE %I (LIKE %I INCLUDING DEFAULTS)', part, base);
            EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES IN (%L)', base, part, import);
        END IF;
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION import_stage_ready(import uuid, indexed boolean) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT AS $$
DECLARE
    base text;
    part text;
BEGIN
    FOREACH base IN ARRAY ARRAY['import_families', 'import_members'] LOOP
        part := base || '_' || replace(import::text, '-', '');
        IF indexed THEN
            EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON %I (family_card)', part || '_card', part);
        ELSE
            EXECUTE format('ANALYZE %I (row_no, family_card, rejected, row_hash)', part);
        END IF;
    END LOOP;
    IF NOT indexed THEN
        EXECUTE format('ANALYZE %I', 'import_people_' || replace(import::text, '-', ''));
        ANALYZE import_issues (import_id, file, row_no, code, verdict);
    END IF;
END $$;
