SET lock_timeout = '5s';

ALTER TABLE grants DROP CONSTRAINT grants_duties_check,
    ADD CONSTRAINT grants_duties_check CHECK (duties <@ ARRAY['supervise', 'publish', 'approve_money', 'ratify', 'override', 'protect_data']);

ALTER TABLE access_log ADD COLUMN through_glass boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN access_log.through_glass IS 'Whether it was seen because somebody had broken the glass for it.';
