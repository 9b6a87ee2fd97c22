-- A claim held by a restricted program must not answer for it: an open referral of the same class would be refused, and
-- whoever sends it would learn that there is a case. So claims of the two labels do not meet.
SET LOCAL lock_timeout = '5s';
ALTER TABLE claims ADD COLUMN sensitivity text NOT NULL DEFAULT 'open' CHECK (sensitivity IN ('open', 'restricted'));
COMMENT ON COLUMN claims.sensitivity IS 'Label of the program; claims of one label do not stand against those of the other.';
UPDATE claims SET sensitivity = 'restricted'
FROM awards a JOIN program_cycles c ON c.id = a.cycle_id JOIN programs g ON g.id = c.program_id
WHERE a.id = claims.award_id AND g.sensitivity = 'restricted';
ALTER TABLE claims DROP CONSTRAINT claims_no_overlap;
ALTER TABLE claims ADD CONSTRAINT claims_no_overlap
    EXCLUDE USING gist (overlap_class WITH =, unit_kind WITH =, unit_id WITH =, sensitivity WITH =, period WITH &&)
    WHERE (active AND override_reason IS NULL);
COMMENT ON TABLE claims IS 'One unit holds at most one claim of an overlap class and label in a period, unless overridden with a reason.';
