-- Which households an account is assigned is kept with its verified token, so a change must reach every instance too:
-- of the assignments, and of the kelurahan of a household that somebody is assigned to.
CREATE TRIGGER assignments_notify AFTER INSERT OR UPDATE OR DELETE ON assignments FOR EACH STATEMENT EXECUTE FUNCTION notify_access();

CREATE FUNCTION notify_assigned_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM assignments WHERE subject_id = NEW.id AND to_at IS NULL) THEN
        PERFORM pg_notify('access_changed', TG_TABLE_NAME);
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION notify_assigned_move() IS 'Tells every instance that a household with an assigned worker now lies elsewhere.';
CREATE TRIGGER households_notify_move AFTER UPDATE OF region_code ON households FOR EACH ROW
    WHEN (OLD.region_code IS DISTINCT FROM NEW.region_code) EXECUTE FUNCTION notify_assigned_move();
