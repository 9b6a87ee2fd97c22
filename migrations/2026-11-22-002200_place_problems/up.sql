SET lock_timeout = '5s';

-- Where the household lives decides who sees a problem. Kept beside the problem, so that a page of a kelurahan does not read
-- the households of the whole city to find its own.
ALTER TABLE problems
    ADD COLUMN region_code text COLLATE "C",
    ADD COLUMN district_code text COLLATE "C";
COMMENT ON COLUMN problems.region_code IS 'Kelurahan of the household''s domicile; kept by triggers.';
COMMENT ON COLUMN problems.district_code IS 'Kecamatan of region_code.';

-- No household fulfils other rules for it.
ALTER TABLE problems DISABLE TRIGGER problems_match_changed;
UPDATE problems p SET region_code = h.region_code, district_code = h.district_code FROM households h WHERE h.id = p.household_id;
ALTER TABLE problems ENABLE TRIGGER problems_match_changed;
ALTER TABLE problems ALTER COLUMN region_code SET NOT NULL, ALTER COLUMN district_code SET NOT NULL;

CREATE FUNCTION problems_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT h.region_code, h.district_code INTO NEW.region_code, NEW.district_code FROM households h WHERE h.id = NEW.household_id;
    RETURN NEW;
END $$;
CREATE TRIGGER problems_place BEFORE INSERT OR UPDATE OF household_id ON problems FOR EACH ROW EXECUTE FUNCTION problems_place();

CREATE FUNCTION problems_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE problems SET region_code = NEW.region_code, district_code = NEW.district_code WHERE household_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER households_place_problems AFTER UPDATE OF region_code ON households FOR EACH ROW
    WHEN (OLD.region_code IS DISTINCT FROM NEW.region_code) EXECUTE FUNCTION problems_follow();

CREATE INDEX problems_village ON problems (region_code, id);
CREATE INDEX problems_district ON problems (district_code, status, id);
