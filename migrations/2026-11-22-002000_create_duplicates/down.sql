DROP TABLE duplicate_moves, duplicate_merges, duplicate_candidates, duplicate_runs;
DROP TRIGGER individuals_stop_deliveries ON individuals;
CREATE TRIGGER individuals_stop_deliveries AFTER UPDATE OF life_status ON individuals FOR EACH ROW
    WHEN (OLD.life_status = 'alive' AND NEW.life_status <> 'alive') EXECUTE FUNCTION deliveries_follow_life();
ALTER TABLE individuals DROP CONSTRAINT individuals_merged;
ALTER TABLE individuals DROP CONSTRAINT individuals_life_status_check;
ALTER TABLE individuals ADD CONSTRAINT individuals_life_status_check CHECK (life_status IN ('alive', 'deceased', 'moved'));
