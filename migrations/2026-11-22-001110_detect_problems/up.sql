SET lock_timeout = '5s';

ALTER TABLE problems ADD COLUMN detected_fact text;
ALTER TABLE problems ADD COLUMN detected_version smallint;
COMMENT ON COLUMN problems.detected_by_rule IS 'Rule over the data that found it; null where a person reported it.';
COMMENT ON COLUMN problems.detected_fact IS 'Digest of the facts the rule went by: what was dismissed comes back only when they change.';
COMMENT ON COLUMN problems.detected_version IS 'Version of the rule.';
CREATE UNIQUE INDEX problems_candidate ON problems (coalesce(individual_id, household_id), need_code, detected_by_rule)
    WHERE status = 'candidate' AND detected_by_rule IS NOT NULL;
COMMENT ON INDEX problems_candidate IS 'A rule finds a need of a subject once.';
