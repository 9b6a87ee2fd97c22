DROP TRIGGER accounts_notify ON accounts;
DROP TRIGGER grants_notify ON grants;
DROP TRIGGER clients_notify ON clients;
DROP TRIGGER signing_keys_notify ON signing_keys;
DROP TRIGGER sessions_notify ON sessions;
DROP FUNCTION notify_access();
DROP TABLE access_log, audit_values, audit_events, subject_keys, idempotency_keys, operations, installation;
DROP FUNCTION forbid_change();
