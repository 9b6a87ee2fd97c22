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
