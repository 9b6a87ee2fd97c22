DROP TABLE organizations, code_maps, code_entries, code_lists, regions;
DROP EXTENSION btree_gist;
DROP EXTENSION pg_trgm;
