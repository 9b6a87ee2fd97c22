SET lock_timeout = '5s';

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
