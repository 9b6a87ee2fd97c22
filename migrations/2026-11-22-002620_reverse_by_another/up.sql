SET LOCAL lock_timeout = '5s';

-- What was reversed before stands as it is.
ALTER TABLE decisions ADD CONSTRAINT decisions_reversed_four_eyes CHECK (reversed_by <> proposed_by) NOT VALID;
