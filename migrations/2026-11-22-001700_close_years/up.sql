SET lock_timeout = '5s';

ALTER TABLE funding_sources ADD COLUMN closed_at timestamptz;
ALTER TABLE funding_sources ADD COLUMN closed_by uuid REFERENCES accounts (id);
COMMENT ON COLUMN funding_sources.closed_at IS 'When its year was closed; from then on nothing is posted.';
COMMENT ON COLUMN funding_sources.closed_by IS 'Who approved the closing.';

ALTER TABLE ledger_transactions ADD COLUMN transfer_id uuid;
COMMENT ON COLUMN ledger_transactions.transfer_id IS 'The same for both sides of money that goes from one source to another.';

CREATE TABLE funding_proposals (
    id uuid PRIMARY KEY,
    funding_source_id uuid NOT NULL REFERENCES funding_sources (id),
    kind text NOT NULL CHECK (kind IN ('receive', 'appropriate', 'revise', 'allot', 'release', 'refund', 'lapse', 'carry_over', 'close_year')),
    amount bigint CHECK (amount <> 0),
    ask jsonb NOT NULL,
    sensitivity text NOT NULL DEFAULT 'open' CHECK (sensitivity IN ('open', 'restricted')),
    status text NOT NULL DEFAULT 'proposed' CHECK (status IN ('proposed', 'approved', 'rejected')),
    proposed_by uuid NOT NULL REFERENCES accounts (id),
    proposed_at timestamptz NOT NULL DEFAULT now(),
    decided_by uuid REFERENCES accounts (id),
    decided_at timestamptz,
    decision_reason text CHECK (length(decision_reason) <= 1000),
    CONSTRAINT funding_proposals_decided CHECK ((status = 'proposed') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)),
    CONSTRAINT funding_proposals_four_eyes CHECK (status <> 'approved' OR decided_by <> proposed_by)
);
CREATE INDEX funding_proposals_source ON funding_proposals (funding_source_id, id);
CREATE INDEX funding_proposals_open ON funding_proposals (id) WHERE status = 'proposed';
CREATE UNIQUE INDEX funding_proposals_one_closing ON funding_proposals (funding_source_id) WHERE status = 'proposed' AND kind = 'close_year';
COMMENT ON TABLE funding_proposals IS 'A movement of money that waits for a second person: above the limit, or the end of a year.';
COMMENT ON COLUMN funding_proposals.id IS 'UUIDv7.';
COMMENT ON COLUMN funding_proposals.funding_source_id IS 'Source it moves.';
COMMENT ON COLUMN funding_proposals.kind IS 'What is asked.';
COMMENT ON COLUMN funding_proposals.amount IS 'How much, in the unit of the source, less than zero for a revision downwards; null for the end of a year.';
COMMENT ON COLUMN funding_proposals.ask IS 'The whole of what was asked, as it will be done.';
COMMENT ON COLUMN funding_proposals.sensitivity IS 'Label of the program concerned.';
COMMENT ON COLUMN funding_proposals.status IS 'proposed, then approved (and done) or rejected.';
COMMENT ON COLUMN funding_proposals.proposed_by IS 'Who asked.';
COMMENT ON COLUMN funding_proposals.proposed_at IS 'When.';
COMMENT ON COLUMN funding_proposals.decided_by IS 'Who decided; never approved by who asked.';
COMMENT ON COLUMN funding_proposals.decided_at IS 'When.';
COMMENT ON COLUMN funding_proposals.decision_reason IS 'Why it was rejected.';

CREATE TABLE ledger_months (
    account_id uuid NOT NULL REFERENCES ledger_accounts (id),
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    gained bigint NOT NULL DEFAULT 0 CHECK (gained >= 0),
    lost bigint NOT NULL DEFAULT 0 CHECK (lost >= 0),
    PRIMARY KEY (account_id, month)
);
COMMENT ON TABLE ledger_months IS 'What each account gained and lost in a month of the office: moved by the trigger that moves the balance.';
COMMENT ON COLUMN ledger_months.account_id IS 'Account.';
COMMENT ON COLUMN ledger_months.month IS 'First day of the month, in Jakarta.';
COMMENT ON COLUMN ledger_months.gained IS 'Sum of the positive entries.';
COMMENT ON COLUMN ledger_months.lost IS 'Sum of the negative entries, without their sign.';

INSERT INTO ledger_months (account_id, month, gained, lost)
SELECT e.account_id, date_trunc('month', t.at AT TIME ZONE 'Asia/Jakarta')::date,
       coalesce(sum(e.amount) FILTER (WHERE e.amount > 0), 0), coalesce(-sum(e.amount) FILTER (WHERE e.amount < 0), 0)
FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id GROUP BY 1, 2;

CREATE OR REPLACE FUNCTION ledger_apply() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE moved ledger_transactions%ROWTYPE;
BEGIN
    SELECT * INTO moved FROM ledger_transactions WHERE id = NEW.transaction_id;
    UPDATE ledger_accounts SET balance = balance + NEW.amount
     WHERE id = NEW.account_id AND funding_source_id = moved.funding_source_id AND unit = moved.unit;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'ledger entry of another source or unit' USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entries_account';
    END IF;
    INSERT INTO ledger_months (account_id, month, gained, lost)
    VALUES (NEW.account_id, date_trunc('month', moved.at AT TIME ZONE 'Asia/Jakarta')::date, greatest(NEW.amount, 0), greatest(-NEW.amount, 0))
    ON CONFLICT (account_id, month) DO UPDATE SET gained = ledger_months.gained + excluded.gained, lost = ledger_months.lost + excluded.lost;
    RETURN NULL;
END $$;

-- The lock is the one the foreign key takes anyway; taken here it waits for a closing that is under way and sees its end.
CREATE FUNCTION ledger_check_source() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE source funding_sources%ROWTYPE;
BEGIN
    SELECT * INTO source FROM funding_sources WHERE id = NEW.funding_source_id FOR KEY SHARE;
    IF source.status = 'closed' THEN
        RAISE EXCEPTION 'the source is closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_source_closed';
    END IF;
    IF source.unit <> NEW.unit THEN
        RAISE EXCEPTION 'the source counts in another unit' USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_source_unit';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_transactions_source BEFORE INSERT ON ledger_transactions FOR EACH ROW EXECUTE FUNCTION ledger_check_source();
