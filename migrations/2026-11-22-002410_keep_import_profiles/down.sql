SET lock_timeout = '5s';
DROP TABLE import_profiles;
DROP FUNCTION import_profiles_freeze();
