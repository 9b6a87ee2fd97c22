ALTER TABLE decisions DROP CONSTRAINT decisions_reversed_four_eyes;
