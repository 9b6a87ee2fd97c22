CREATE OR REPLACE FUNCTION registry_bulk_begin() RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
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
CREATE OR REPLACE FUNCTION registry_bulk_end() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
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
