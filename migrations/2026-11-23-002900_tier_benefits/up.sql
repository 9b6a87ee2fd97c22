SET lock_timeout = '5s';

ALTER TABLE programs ADD COLUMN benefit_tiers jsonb NOT NULL DEFAULT '[]'
    CONSTRAINT programs_benefit_tiers CHECK (jsonb_typeof(benefit_tiers) = 'array');
COMMENT ON COLUMN programs.benefit_tiers IS 'Values that differ by whom it is for: code, name in both languages, rupiah. Empty: one value for all.';
