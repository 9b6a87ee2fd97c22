CREATE OR REPLACE FUNCTION notify_assigned_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM assignments WHERE subject_id = NEW.id AND to_at IS NULL) THEN
        PERFORM pg_notify('access_changed', TG_TABLE_NAME);
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER accounts_open_cases ON accounts;
DROP FUNCTION accounts_keep_cases();
DROP INDEX assignments_once;
DROP INDEX assignments_one_lead;
ALTER TABLE assignments DROP COLUMN assigned_by, DROP COLUMN until_on, DROP COLUMN note;
DROP TABLE case_events;
DROP TABLE case_visits;
ALTER TABLE assessments DROP CONSTRAINT assessments_case;
DROP INDEX assessments_case_id;
DROP TABLE case_problems;
DROP TABLE cases;
