ALTER TABLE programs DROP COLUMN benefit_tiers;
