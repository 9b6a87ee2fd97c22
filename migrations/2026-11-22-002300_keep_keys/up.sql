SET LOCAL lock_timeout = '5s';

-- Keys under which a person is found again by somebody who resembles him. They are made outside, by the engine that compares.
CREATE TABLE individual_keys (
    individual_id uuid PRIMARY KEY REFERENCES individuals (id) ON DELETE CASCADE,
    keys integer[] NOT NULL,
    digest bigint NOT NULL
);
-- Without a list of pending entries, which every look would read through.
CREATE INDEX individual_keys_keys ON individual_keys USING gin (keys) WITH (fastupdate = off);
COMMENT ON TABLE individual_keys IS '[personal] Keys of people by name, birth date, mother and place: who shares one is worth comparing.';
COMMENT ON COLUMN individual_keys.individual_id IS 'Person.';
COMMENT ON COLUMN individual_keys.keys IS '[personal] Hashes of what two records of one person have in common more often than others.';
COMMENT ON COLUMN individual_keys.digest IS '[personal] Digest of all that is compared: what has it still needs no comparing.';

CREATE TABLE duplicate_changes (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    household_id uuid,
    after_id uuid,
    first boolean NOT NULL DEFAULT false,
    at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE duplicate_changes IS 'Households whose people are to be compared again, taken from here as it is done; naming none: everybody.';
COMMENT ON COLUMN duplicate_changes.seq IS 'Order.';
COMMENT ON COLUMN duplicate_changes.household_id IS 'Household; null: the whole registry.';
COMMENT ON COLUMN duplicate_changes.after_id IS 'Of the whole registry, the person it has come to.';
COMMENT ON COLUMN duplicate_changes.first IS 'Nobody had keys yet: they are made, and a run compares.';
COMMENT ON COLUMN duplicate_changes.at IS 'When it changed.';

CREATE FUNCTION duplicates_from_registry() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO duplicate_changes (household_id)
    SELECT DISTINCT CASE c.kind WHEN 'individual' THEN (SELECT i.household_id FROM individuals i WHERE i.id = c.subject_id) WHEN 'household' THEN c.subject_id END
    FROM changed c;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION duplicates_from_registry() IS 'Who is new or changed is compared with the others.';
CREATE TRIGGER registry_changes_compare AFTER INSERT ON registry_changes REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION duplicates_from_registry();

INSERT INTO duplicate_changes (household_id) SELECT NULL WHERE EXISTS (SELECT FROM individuals);
