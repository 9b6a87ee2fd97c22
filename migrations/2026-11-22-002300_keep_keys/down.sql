DROP TRIGGER registry_changes_compare ON registry_changes;
DROP FUNCTION duplicates_from_registry();
DROP TABLE duplicate_changes, individual_keys;
