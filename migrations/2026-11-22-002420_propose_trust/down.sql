SET lock_timeout = '5s';
DROP TABLE source_trust_proposals;
