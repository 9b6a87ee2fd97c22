DROP TRIGGER individuals_stop_deliveries ON individuals;
DROP FUNCTION deliveries_follow_life();
ALTER TABLE referrals DROP COLUMN ending;
DROP TABLE deliveries;
