ALTER TABLE claims DROP CONSTRAINT claims_no_overlap;
ALTER TABLE claims ADD CONSTRAINT claims_no_overlap
    EXCLUDE USING gist (overlap_class WITH =, unit_kind WITH =, unit_id WITH =, period WITH &&)
    WHERE (active AND override_reason IS NULL);
ALTER TABLE claims DROP COLUMN sensitivity;
COMMENT ON TABLE claims IS 'One unit holds at most one claim of an overlap class in a period, unless overridden with a reason.';
