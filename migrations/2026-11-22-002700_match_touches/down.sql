DROP TRIGGER corrections_match_changed ON corrections;
DROP TRIGGER corrections_match_new ON corrections;
DROP TABLE match_touches;
