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
            EXECUTE format('ANALYZE %I (row_no, family_card, rejected)', part);
        END IF;
    END LOOP;
    IF NOT indexed THEN
        ANALYZE import_issues (import_id, file, row_no, code, verdict);
    END IF;
END $$;
CREATE OR REPLACE FUNCTION import_stage_open(import uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
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
CREATE OR REPLACE FUNCTION import_stage_close(import uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path FROM CURRENT SET lock_timeout = '2s' AS $$
DECLARE
    base text;
    part text;
BEGIN
    FOREACH base IN ARRAY ARRAY['import_families', 'import_members'] LOOP
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
DROP TABLE source_rows;
DROP TABLE import_people;
ALTER TABLE import_members DROP COLUMN family_key, DROP COLUMN row_hash;
ALTER TABLE import_families DROP COLUMN family_key, DROP COLUMN row_hash, DROP COLUMN linked;
