SET lock_timeout = '5s';

CREATE TABLE deliveries (
    id uuid PRIMARY KEY,
    referral_id uuid NOT NULL REFERENCES referrals (id),
    planned_on date NOT NULL,
    amount_idr bigint NOT NULL CHECK (amount_idr >= 0),
    quantity integer CHECK (quantity BETWEEN 1 AND 1000000),
    unit text,
    channel text NOT NULL,
    payee_individual_id uuid REFERENCES individuals (id),
    payee_name text,
    status text NOT NULL DEFAULT 'planned' CHECK (status IN ('planned', 'approved', 'distributed', 'received', 'accounted', 'failed', 'returned', 'cancelled')),
    attention text CHECK (attention IN ('payee_deceased', 'payee_moved', 'not_received')),
    decree text,
    proof_kind text,
    proof_reference text,
    proof_evidence_id uuid,
    received_on date,
    account_reference text,
    reason_code text,
    note text,
    planned_by uuid,
    approved_by uuid,
    approved_at timestamptz,
    received_by uuid,
    received_at timestamptz,
    confirmation text CHECK (confirmation IN ('received', 'not_received')),
    confirmation_note text,
    confirmed_by uuid,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT deliveries_four_eyes CHECK (planned_by IS NULL OR approved_by IS NULL OR planned_by <> approved_by),
    CONSTRAINT deliveries_proof CHECK (status NOT IN ('received', 'accounted') OR (proof_kind IS NOT NULL AND received_on IS NOT NULL))
);
CREATE INDEX deliveries_referral ON deliveries (referral_id, planned_on, id);
CREATE INDEX deliveries_due ON deliveries (planned_on, id) WHERE status IN ('planned', 'approved', 'distributed');
CREATE INDEX deliveries_payee ON deliveries (payee_individual_id) WHERE status IN ('planned', 'approved');
COMMENT ON TABLE deliveries IS '[personal] What a referral gives, line by line: planned, approved by decree, distributed, received with proof, accounted for.';
COMMENT ON COLUMN deliveries.id IS 'UUIDv7.';
COMMENT ON COLUMN deliveries.referral_id IS 'The referral; who sees it sees its lines.';
COMMENT ON COLUMN deliveries.planned_on IS 'Day it is to be given.';
COMMENT ON COLUMN deliveries.amount_idr IS 'Rupiah of this line; disbursed when it is received.';
COMMENT ON COLUMN deliveries.quantity IS 'How many of the unit, for goods.';
COMMENT ON COLUMN deliveries.unit IS 'What is counted, as the program says.';
COMMENT ON COLUMN deliveries.channel IS 'Code of the list delivery_channels.';
COMMENT ON COLUMN deliveries.payee_individual_id IS 'Who takes it, where a registered person does.';
COMMENT ON COLUMN deliveries.payee_name IS '[personal] Name of who takes it.';
COMMENT ON COLUMN deliveries.status IS 'How far it is.';
COMMENT ON COLUMN deliveries.attention IS 'What a person must look at before it goes on.';
COMMENT ON COLUMN deliveries.decree IS 'Decree (SK) that approved it.';
COMMENT ON COLUMN deliveries.proof_kind IS 'Code of the list delivery_proofs.';
COMMENT ON COLUMN deliveries.proof_reference IS 'Number of the receipt, transfer or statement.';
COMMENT ON COLUMN deliveries.proof_evidence_id IS 'File that shows it.';
COMMENT ON COLUMN deliveries.received_on IS 'Day it was received.';
COMMENT ON COLUMN deliveries.account_reference IS 'Number of the report that accounts for it (SPJ).';
COMMENT ON COLUMN deliveries.reason_code IS 'Why it failed, came back or was cancelled: code of the list delivery_failure_reasons.';
COMMENT ON COLUMN deliveries.note IS '[personal] For whoever works on it.';
COMMENT ON COLUMN deliveries.planned_by IS 'Account or client that planned it; null is the service.';
COMMENT ON COLUMN deliveries.approved_by IS 'Another than who planned it.';
COMMENT ON COLUMN deliveries.approved_at IS 'When it was approved.';
COMMENT ON COLUMN deliveries.received_by IS 'Who attested that it was received; never who reported the problem.';
COMMENT ON COLUMN deliveries.received_at IS 'When that was recorded.';
COMMENT ON COLUMN deliveries.confirmation IS 'What the recipient says.';
COMMENT ON COLUMN deliveries.confirmation_note IS '[personal] In the recipient''s words.';
COMMENT ON COLUMN deliveries.confirmed_by IS 'Account of the recipient.';
COMMENT ON COLUMN deliveries.version IS 'Raised by every change.';
COMMENT ON COLUMN deliveries.created_at IS 'When it was planned.';
COMMENT ON COLUMN deliveries.updated_at IS 'When it last changed.';

ALTER TABLE referrals ADD COLUMN ending text CHECK (ending IN ('person_deceased', 'person_moved'));
COMMENT ON COLUMN referrals.ending IS 'Why the worker process must end it: set when the person dies or leaves the city.';
CREATE INDEX referrals_ending ON referrals (id) WHERE ending IS NOT NULL AND status IN ('draft', 'sent', 'returned', 'accepted', 'scheduled', 'in_service');

-- A death or a departure stops what is planned in the transaction that records it; money and seat follow within a minute.
CREATE FUNCTION deliveries_follow_life() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    why text := CASE NEW.life_status WHEN 'deceased' THEN 'person_deceased' ELSE 'person_moved' END;
    alone boolean := NOT EXISTS (SELECT FROM individuals m WHERE m.household_id = NEW.household_id AND m.id <> NEW.id AND m.life_status = 'alive');
BEGIN
    UPDATE deliveries d SET status = 'cancelled', reason_code = why, version = d.version + 1, updated_at = now()
        FROM referrals f WHERE f.id = d.referral_id AND d.status IN ('planned', 'approved') AND f.household_id = NEW.household_id
            AND (f.individual_id = NEW.id OR (f.individual_id IS NULL AND alone));
    UPDATE deliveries d SET status = 'planned', payee_individual_id = NULL, payee_name = NULL, decree = NULL, approved_by = NULL,
            approved_at = NULL, attention = CASE NEW.life_status WHEN 'deceased' THEN 'payee_deceased' ELSE 'payee_moved' END,
            version = d.version + 1, updated_at = now()
        WHERE d.payee_individual_id = NEW.id AND d.status IN ('planned', 'approved');
    UPDATE referrals f SET ending = why, version = f.version + 1, updated_at = now()
        WHERE f.household_id = NEW.household_id AND (f.individual_id = NEW.id OR (f.individual_id IS NULL AND alone))
            AND f.status IN ('draft', 'sent', 'returned', 'accepted', 'scheduled', 'in_service');
    RETURN NULL;
END $$;
COMMENT ON FUNCTION deliveries_follow_life() IS 'Stops planned deliveries of a person who died or left, and marks the referrals to be ended.';
CREATE TRIGGER individuals_stop_deliveries AFTER UPDATE OF life_status ON individuals FOR EACH ROW
    WHEN (OLD.life_status = 'alive' AND NEW.life_status <> 'alive') EXECUTE FUNCTION deliveries_follow_life();
