DROP TABLE registry_changes, name_keys, assignments, coordinator_tasks, registry_events, welfare_snapshots, identifiers, memberships,
    restricted_facts, individuals, household_details, households;
DROP FUNCTION registry_indexes_drop();
DROP FUNCTION registry_indexes_create();
