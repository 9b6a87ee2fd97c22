DROP TRIGGER households_place_problems ON households;
DROP FUNCTION problems_follow();
DROP TRIGGER problems_place ON problems;
DROP FUNCTION problems_place();
ALTER TABLE problems DROP COLUMN region_code, DROP COLUMN district_code;
