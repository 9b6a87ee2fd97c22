SET lock_timeout = '5s';

CREATE TABLE source_trust (
    field text NOT NULL,
    source text NOT NULL,
    rank integer NOT NULL CHECK (rank BETWEEN 0 AND 100),
    stale_months integer CHECK (stale_months BETWEEN 1 AND 120),
    version bigint NOT NULL DEFAULT 1,
    updated_by uuid,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (field, source)
);
COMMENT ON TABLE source_trust IS 'How far each source is believed for each field: a lower one never replaces what a higher one said.';
COMMENT ON COLUMN source_trust.field IS 'Field or group of fields.';
COMMENT ON COLUMN source_trust.source IS 'Source; manual is what people enter here.';
COMMENT ON COLUMN source_trust.rank IS 'From 0 to 100; the higher is believed.';
COMMENT ON COLUMN source_trust.stale_months IS 'After so many months anybody newer may replace it; null is never.';
COMMENT ON COLUMN source_trust.version IS 'Version.';
COMMENT ON COLUMN source_trust.updated_by IS 'Who changed it last.';
COMMENT ON COLUMN source_trust.updated_at IS 'When.';
INSERT INTO source_trust (field, source, rank)
SELECT field, source, rank
FROM unnest(ARRAY['region', 'address', 'decile', 'declared_members', 'housing', 'assets', 'family', 'relation', 'marital_status', 'facts']) field,
     (VALUES ('manual', 100), ('dtsen', 80), ('regsosek', 60), ('p3ke', 40), ('list', 20)) s (source, rank);
-- A rank is the ministry's to give: nobody enters it by hand for good.
UPDATE source_trust SET rank = 90 WHERE field = 'decile' AND source = 'dtsen';

CREATE TABLE field_origins (
    subject_id uuid NOT NULL,
    field text NOT NULL,
    source text NOT NULL,
    period text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (subject_id, field)
);
COMMENT ON TABLE field_origins IS 'Who said last what a field holds, where it is not the source that the record came from.';
COMMENT ON COLUMN field_origins.subject_id IS 'Household or person.';
COMMENT ON COLUMN field_origins.field IS 'Field or group of fields, as in source_trust.';
COMMENT ON COLUMN field_origins.source IS 'Source; manual is a person''s edit.';
COMMENT ON COLUMN field_origins.period IS 'Month it speaks of.';
COMMENT ON COLUMN field_origins.at IS 'When it was written.';

-- Whoever changes a record says who he is by satupintu.source (an import), or is a person.
CREATE FUNCTION note_origin(subject uuid, base text, fields text[]) RETURNS void LANGUAGE plpgsql
    SET search_path FROM CURRENT AS $$
DECLARE
    who text := coalesce(nullif(current_setting('satupintu.source', true), ''), 'manual');
    month text := coalesce(nullif(current_setting('satupintu.period', true), ''), to_char(now() AT TIME ZONE 'Asia/Jakarta', 'YYYY-MM'));
BEGIN
    IF who IN (base, 'undo') THEN
        DELETE FROM field_origins WHERE subject_id = subject AND field = ANY (fields);
    ELSE
        INSERT INTO field_origins (subject_id, field, source, period)
        SELECT subject, field, who, month FROM unnest(fields) field
        ON CONFLICT (subject_id, field) DO UPDATE SET source = EXCLUDED.source, period = EXCLUDED.period, at = now();
    END IF;
END $$;
COMMENT ON FUNCTION note_origin(uuid, text, text[]) IS 'Notes who says what these fields hold.';

CREATE FUNCTION households_note_origin() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM note_origin(NEW.id, NEW.source, array_remove(ARRAY[
        CASE WHEN OLD.region_code IS DISTINCT FROM NEW.region_code THEN 'region' END,
        CASE WHEN OLD.decile IS DISTINCT FROM NEW.decile THEN 'decile' END,
        CASE WHEN OLD.declared_members IS DISTINCT FROM NEW.declared_members THEN 'declared_members' END], NULL));
    RETURN NULL;
END $$;
CREATE TRIGGER households_note_origin AFTER UPDATE OF region_code, decile, declared_members ON households FOR EACH ROW
    WHEN ((OLD.region_code, OLD.decile, OLD.declared_members) IS DISTINCT FROM (NEW.region_code, NEW.decile, NEW.declared_members))
    EXECUTE FUNCTION households_note_origin();

CREATE FUNCTION household_details_note_origin() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM note_origin(NEW.household_id, (SELECT source FROM households WHERE id = NEW.household_id), array_remove(ARRAY[
        CASE WHEN (OLD.street, OLD.rt, OLD.rw) IS DISTINCT FROM (NEW.street, NEW.rt, NEW.rw) THEN 'address' END,
        CASE WHEN OLD.housing IS DISTINCT FROM NEW.housing THEN 'housing' END,
        CASE WHEN OLD.assets IS DISTINCT FROM NEW.assets THEN 'assets' END], NULL));
    RETURN NULL;
END $$;
CREATE TRIGGER household_details_note_origin AFTER UPDATE OF street, rt, rw, housing, assets ON household_details FOR EACH ROW
    WHEN ((OLD.street, OLD.rt, OLD.rw, OLD.housing, OLD.assets) IS DISTINCT FROM (NEW.street, NEW.rt, NEW.rw, NEW.housing, NEW.assets))
    EXECUTE FUNCTION household_details_note_origin();

CREATE FUNCTION individuals_note_origin() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM note_origin(NEW.id, NEW.source, array_remove(ARRAY[
        CASE WHEN OLD.household_id IS DISTINCT FROM NEW.household_id THEN 'family' END,
        CASE WHEN OLD.relation IS DISTINCT FROM NEW.relation THEN 'relation' END,
        CASE WHEN OLD.marital_status IS DISTINCT FROM NEW.marital_status THEN 'marital_status' END,
        CASE WHEN OLD.facts IS DISTINCT FROM NEW.facts THEN 'facts' END], NULL));
    RETURN NULL;
END $$;
CREATE TRIGGER individuals_note_origin AFTER UPDATE OF household_id, relation, marital_status, facts ON individuals FOR EACH ROW
    WHEN ((OLD.household_id, OLD.relation, OLD.marital_status, OLD.facts) IS DISTINCT FROM (NEW.household_id, NEW.relation, NEW.marital_status, NEW.facts))
    EXECUTE FUNCTION individuals_note_origin();

CREATE FUNCTION source_wins(of_field text, origin_source text, origin_period text, new_source text, new_period text) RETURNS boolean
    LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT CASE
        WHEN origin_source = new_source THEN new_period >= origin_period
        ELSE (coalesce(mine.rank, 10) > coalesce(theirs.rank, 10) AND new_period >= origin_period)
          OR (theirs.stale_months IS NOT NULL AND new_period > to_char((origin_period || '-01')::date + make_interval(months => theirs.stale_months), 'YYYY-MM'))
    END
    FROM (SELECT 1) one
    LEFT JOIN source_trust mine ON mine.field = of_field AND mine.source = new_source
    LEFT JOIN source_trust theirs ON theirs.field = of_field AND theirs.source = origin_source
$$;
COMMENT ON FUNCTION source_wins(text, text, text, text, text) IS 'Whether what a source says of a month replaces what another said: the same source by the newer month, another by rank, or when what is there has become stale.';

CREATE TABLE import_diffs (
    import_id uuid NOT NULL REFERENCES imports (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL CHECK (kind IN ('new', 'changed', 'moved', 'missing')),
    subject_kind text NOT NULL CHECK (subject_kind IN ('household', 'individual')),
    subject_id uuid,
    household_id uuid,
    region_code text NOT NULL COLLATE "C",
    file text,
    row_no integer,
    name text,
    fields jsonb NOT NULL DEFAULT '[]',
    PRIMARY KEY (import_id, id)
);
CREATE INDEX import_diffs_kind ON import_diffs (import_id, kind, id);
COMMENT ON TABLE import_diffs IS '[personal] What applying an import would change; gone when it is over.';
COMMENT ON COLUMN import_diffs.import_id IS 'Import.';
COMMENT ON COLUMN import_diffs.id IS 'Number.';
COMMENT ON COLUMN import_diffs.kind IS 'new, changed, moved or missing.';
COMMENT ON COLUMN import_diffs.subject_kind IS 'household or individual.';
COMMENT ON COLUMN import_diffs.subject_id IS 'Record of the registry; null for a new one.';
COMMENT ON COLUMN import_diffs.household_id IS 'Household of the registry; null for a new one.';
COMMENT ON COLUMN import_diffs.region_code IS 'Kelurahan it is, or would be, in.';
COMMENT ON COLUMN import_diffs.file IS 'Part of the upload; null for what is missing.';
COMMENT ON COLUMN import_diffs.row_no IS 'Row in the file; null for what is missing.';
COMMENT ON COLUMN import_diffs.name IS '[personal] Name of the person or of the head.';
COMMENT ON COLUMN import_diffs.fields IS '[personal] Field by field: ours, theirs, from whom ours is, and whether theirs is taken.';

ALTER TABLE imports ADD COLUMN changes jsonb, ADD COLUMN selection jsonb;
COMMENT ON COLUMN imports.changes IS 'What applying would change, in counts.';
COMMENT ON COLUMN imports.selection IS 'Kinds and areas that were chosen to be applied; null is everything.';
