DROP INDEX problems_candidate;
ALTER TABLE problems DROP COLUMN detected_fact, DROP COLUMN detected_version;
COMMENT ON COLUMN problems.detected_by_rule IS NULL;
