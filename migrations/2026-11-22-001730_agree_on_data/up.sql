SET lock_timeout = '5s';
ALTER TABLE organizations ADD COLUMN agreement_from date;
ALTER TABLE organizations ADD COLUMN agreement_fields text[] NOT NULL DEFAULT '{}'
    CHECK (agreement_fields <@ ARRAY['name', 'birth_date', 'sex', 'address', 'phone', 'nik', 'family', 'welfare', 'health']);
ALTER TABLE organizations ADD CONSTRAINT organizations_agreement_dates CHECK (agreement_until >= agreement_from);
COMMENT ON COLUMN organizations.agreement_from IS 'First day of the data-sharing agreement.';
COMMENT ON COLUMN organizations.agreement_fields IS 'What of a person the agreement lets it see.';
