DROP FUNCTION emergency_is_covered(uuid, timestamptz, timestamptz);
DROP TABLE assessment_problems;
DROP TABLE assessments;
DROP FUNCTION assessments_freeze();
DROP TABLE instruments;
DROP FUNCTION instruments_freeze();
