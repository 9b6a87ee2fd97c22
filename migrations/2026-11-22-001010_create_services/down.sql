DROP TABLE letter_check_failures;
DROP TABLE letter_revocations;
DROP TABLE letters;
DROP TABLE letter_series;
DROP TABLE service_requests;
DROP TABLE letter_templates;
