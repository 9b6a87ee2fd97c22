SET lock_timeout = '5s';

-- Staged rows: one unlogged partition an import, made and emptied by the functions below. They can always be read again from the
-- spooled files, so they need no log; ids of what is made from them follow from the import and the row, so reading again changes none.
CREATE TABLE import_families (
    import_id uuid NOT NULL,
    row_no integer NOT NULL,
    rejected boolean NOT NULL,
    family_card bigint,
    region_code text COLLATE "C",
    head_name text,
    declared_members integer,
    decile_national smallint,
    decile_province smallint,
    decile_city smallint,
    street text,
    rt text,
    rw text,
    housing jsonb NOT NULL,
    assets jsonb NOT NULL,
    facts jsonb NOT NULL
) PARTITION BY LIST (import_id);
COMMENT ON TABLE import_families IS '[personal] Rows of a family file, cleaned; a partition an import, emptied when it is over.';
COMMENT ON COLUMN import_families.import_id IS 'Import.';
COMMENT ON COLUMN import_families.row_no IS 'Row in the file, from 1, header included.';
COMMENT ON COLUMN import_families.rejected IS 'Whether the row waits: rejected or in conflict.';
COMMENT ON COLUMN import_families.family_card IS '[personal] Number of the family card.';
COMMENT ON COLUMN import_families.region_code IS 'Kelurahan of domicile.';
COMMENT ON COLUMN import_families.head_name IS '[personal] Name of the head.';
COMMENT ON COLUMN import_families.declared_members IS 'Members the source counts.';
COMMENT ON COLUMN import_families.decile_national IS 'Decile in the country.';
COMMENT ON COLUMN import_families.decile_province IS 'Decile in the province.';
COMMENT ON COLUMN import_families.decile_city IS 'Decile in the city.';
COMMENT ON COLUMN import_families.street IS '[personal] Street and number.';
COMMENT ON COLUMN import_families.rt IS 'RT, three digits.';
COMMENT ON COLUMN import_families.rw IS 'RW, three digits.';
COMMENT ON COLUMN import_families.housing IS 'Codes of the house, canonical.';
COMMENT ON COLUMN import_families.assets IS 'What the household owns.';
COMMENT ON COLUMN import_families.facts IS 'Other facts of the household.';

CREATE TABLE import_members (
    import_id uuid NOT NULL,
    row_no integer NOT NULL,
    rejected boolean NOT NULL,
    nik bigint,
    family_card bigint,
    name text NOT NULL,
    name_key text NOT NULL COLLATE "C",
    mother_name text,
    birth_date date,
    birth_year_only boolean NOT NULL,
    sex text,
    relation text,
    marital_status text,
    phone text,
    facts jsonb NOT NULL,
    restricted jsonb
) PARTITION BY LIST (import_id);
COMMENT ON TABLE import_members IS '[personal] Rows of a member file, cleaned; a partition an import, emptied when it is over.';
COMMENT ON COLUMN import_members.import_id IS 'Import.';
COMMENT ON COLUMN import_members.row_no IS 'Row in the file, from 1, header included.';
COMMENT ON COLUMN import_members.rejected IS 'Whether the row waits (rejected, in conflict) or repeats another.';
COMMENT ON COLUMN import_members.nik IS '[personal] NIK, where sixteen digits stood there.';
COMMENT ON COLUMN import_members.family_card IS '[personal] Number of the family card.';
COMMENT ON COLUMN import_members.name IS '[personal] Name as written.';
COMMENT ON COLUMN import_members.name_key IS '[personal] Match key of the name.';
COMMENT ON COLUMN import_members.mother_name IS '[personal] Name of the mother.';
COMMENT ON COLUMN import_members.birth_date IS '[personal] Birth date.';
COMMENT ON COLUMN import_members.birth_year_only IS 'Whether only the year of it is known.';
COMMENT ON COLUMN import_members.sex IS 'male or female.';
COMMENT ON COLUMN import_members.relation IS 'Relation to the head, canonical.';
COMMENT ON COLUMN import_members.marital_status IS 'Canonical.';
COMMENT ON COLUMN import_members.phone IS '[personal] Phone.';
COMMENT ON COLUMN import_members.facts IS 'Open facts, canonical.';
COMMENT ON COLUMN import_members.restricted IS '[personal] Restricted facts: pairs of variable and code.';

ALTER TABLE import_issues ADD COLUMN city_only boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN import_issues.city_only IS 'Speaks of a record outside the uploader''s area: for whoever works for the city alone.';
CREATE INDEX import_issues_row ON import_issues (import_id, file, row_no, id);
ALTER TABLE imports ADD COLUMN applied jsonb;
COMMENT ON COLUMN imports.applied IS 'What applying changed in the registry, in counts.';
ALTER TABLE imports ADD COLUMN idempotency_hash bytea;
COMMENT ON COLUMN imports.idempotency_hash IS 'Hash over profile, period and files: what was sent.';

CREATE TABLE import_changes (
    import_id uuid NOT NULL REFERENCES imports (id),
    subject_kind text NOT NULL CHECK (subject_kind IN ('household', 'individual')),
    subject_id uuid NOT NULL,
    version_after bigint NOT NULL,
    before jsonb NOT NULL,
    PRIMARY KEY (import_id, subject_kind, subject_id)
);
COMMENT ON TABLE import_changes IS '[personal] Records that existed before an import and were changed by it, as they were: what undo puts back.';
COMMENT ON COLUMN import_changes.import_id IS 'Import.';
COMMENT ON COLUMN import_changes.subject_kind IS 'household or individual.';
COMMENT ON COLUMN import_changes.subject_id IS 'Record.';
COMMENT ON COLUMN import_changes.version_after IS 'Version the import left; a later one means that somebody built on it.';
COMMENT ON COLUMN import_changes.before IS '[personal] The columns as they were.';

-- The service's own role may not make tables or indexes. What an import needs of that, and nothing else, it gets through these.
CREATE FUNCTION import_stage_close(import uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT SET lock_timeout = '2s' AS $$
DECLARE
    base text;
    part text;
BEGIN
    FOREACH base IN ARRAY ARRAY['import_families', 'import_members'] LOOP
        part := base || '_' || replace(import::text, '-', '');
        IF to_regclass(part) IS NOT NULL THEN
            EXECUTE format('TRUNCATE %I', part);
            -- Dropping a partition locks the parent: where another import is being read it is left, empty, for the next time.
            BEGIN
                EXECUTE format('DROP TABLE %I', part);
            EXCEPTION WHEN lock_not_available THEN
                NULL;
            END;
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION import_stage_close(uuid) IS 'Empties the staged rows of an import.';

CREATE FUNCTION import_stage_open(import uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT SET lock_timeout = '10s' AS $$
DECLARE
    base text;
    part text;
BEGIN
    FOREACH base IN ARRAY ARRAY['import_families', 'import_members'] LOOP
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
COMMENT ON FUNCTION import_stage_open(uuid) IS 'Makes room for the staged rows of an import, empty.';

CREATE FUNCTION import_stage_ready(import uuid, indexed boolean) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
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
            EXECUTE format('ANALYZE %I (row_no, family_card, rejected)', part);
        END IF;
    END LOOP;
    IF NOT indexed THEN
        ANALYZE import_issues (import_id, file, row_no, code, verdict);
    END IF;
END $$;
COMMENT ON FUNCTION import_stage_ready(uuid, boolean) IS 'Statistics of the staged rows, or with true an index by family card.';

CREATE FUNCTION registry_bulk_begin() RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT SET lock_timeout = '5s' AS $$
BEGIN
    LOCK TABLE households, individuals, household_details, identifiers, welfare_snapshots, restricted_facts, name_keys
        IN ACCESS EXCLUSIVE MODE;
    IF EXISTS (SELECT FROM households) OR EXISTS (SELECT FROM individuals) OR EXISTS (SELECT FROM identifiers) THEN
        RETURN false;
    END IF;
    PERFORM registry_indexes_drop();
    ALTER TABLE households DROP CONSTRAINT households_region_code_fkey;
    ALTER TABLE household_details DROP CONSTRAINT household_details_household_id_fkey;
    ALTER TABLE individuals DROP CONSTRAINT individuals_household_id_fkey;
    ALTER TABLE restricted_facts DROP CONSTRAINT restricted_facts_individual_id_fkey,
        DROP CONSTRAINT restricted_facts_household_id_fkey;
    ALTER TABLE welfare_snapshots DROP CONSTRAINT welfare_snapshots_household_id_fkey;
    DROP INDEX name_keys_trgm;
    RETURN true;
END $$;
COMMENT ON FUNCTION registry_bulk_begin() IS 'Into an empty registry: takes secondary indexes and foreign keys away, in the caller''s transaction. False where it is not empty.';

CREATE FUNCTION registry_bulk_end() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM registry_indexes_create();
    ALTER TABLE households ADD CONSTRAINT households_region_code_fkey FOREIGN KEY (region_code) REFERENCES regions (code);
    ALTER TABLE household_details ADD CONSTRAINT household_details_household_id_fkey FOREIGN KEY (household_id) REFERENCES households (id);
    ALTER TABLE individuals ADD CONSTRAINT individuals_household_id_fkey FOREIGN KEY (household_id) REFERENCES households (id);
    ALTER TABLE restricted_facts ADD CONSTRAINT restricted_facts_individual_id_fkey FOREIGN KEY (individual_id) REFERENCES individuals (id),
        ADD CONSTRAINT restricted_facts_household_id_fkey FOREIGN KEY (household_id) REFERENCES households (id);
    ALTER TABLE welfare_snapshots ADD CONSTRAINT welfare_snapshots_household_id_fkey FOREIGN KEY (household_id) REFERENCES households (id);
    CREATE INDEX name_keys_trgm ON name_keys USING gin (name_key gin_trgm_ops);
    ANALYZE households (region_code, district_code, family_card_number, head_name, decile, status);
    ANALYZE individuals (household_id, name_key, birth_date);
    ANALYZE identifiers (kind, value, subject_id);
    ANALYZE welfare_snapshots (household_id);
END $$;
COMMENT ON FUNCTION registry_bulk_end() IS 'Puts back what registry_bulk_begin took away, and counts the rows.';

REVOKE ALL ON FUNCTION import_stage_close(uuid), import_stage_open(uuid), import_stage_ready(uuid, boolean), registry_bulk_begin(), registry_bulk_end() FROM PUBLIC;
