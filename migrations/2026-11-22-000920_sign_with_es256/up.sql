SET lock_timeout = '5s';

-- Strict libraries no longer take EdDSA by that name; ES256 is what all of them take.
ALTER TABLE signing_keys DROP CONSTRAINT signing_keys_algorithm_check;
ALTER TABLE signing_keys ADD CONSTRAINT signing_keys_algorithm_check CHECK (algorithm IN ('EdDSA', 'ES256'));
