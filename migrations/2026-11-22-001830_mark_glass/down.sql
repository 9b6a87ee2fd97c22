ALTER TABLE access_log DROP COLUMN through_glass;
UPDATE grants SET duties = array_remove(duties, 'protect_data') WHERE 'protect_data' = ANY(duties);
ALTER TABLE grants DROP CONSTRAINT grants_duties_check,
    ADD CONSTRAINT grants_duties_check CHECK (duties <@ ARRAY['supervise', 'publish', 'approve_money', 'ratify', 'override']);
