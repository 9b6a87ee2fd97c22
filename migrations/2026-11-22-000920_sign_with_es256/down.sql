SET lock_timeout = '5s';

-- The service before makes a key of its own where it finds none.
DELETE FROM signing_keys WHERE algorithm = 'ES256';
ALTER TABLE signing_keys DROP CONSTRAINT signing_keys_algorithm_check;
ALTER TABLE signing_keys ADD CONSTRAINT signing_keys_algorithm_check CHECK (algorithm IN ('EdDSA'));
