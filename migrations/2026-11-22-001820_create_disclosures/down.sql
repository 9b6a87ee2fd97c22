ALTER TABLE recipient_lists DROP COLUMN loaded_by;
ALTER TABLE reported_benefits DROP COLUMN source, DROP COLUMN reported_by, DROP COLUMN created_at;
DROP INDEX claims_overridden;
ALTER TABLE claims DROP CONSTRAINT claims_review, DROP CONSTRAINT claims_four_eyes, DROP COLUMN overridden_at, DROP COLUMN reviewed_by, DROP COLUMN reviewed_at, DROP COLUMN review_finding, DROP COLUMN review_note;
DROP TABLE disclosures;
