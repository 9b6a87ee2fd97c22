ALTER TABLE organizations DROP CONSTRAINT organizations_agreement_dates;
ALTER TABLE organizations DROP COLUMN agreement_fields;
ALTER TABLE organizations DROP COLUMN agreement_from;
