DROP TRIGGER ledger_transactions_source ON ledger_transactions;
DROP FUNCTION ledger_check_source();
CREATE OR REPLACE FUNCTION ledger_apply() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ledger_accounts SET balance = balance + NEW.amount WHERE id = NEW.account_id;
    RETURN NULL;
END $$;
DROP TABLE ledger_months;
DROP TABLE funding_proposals;
ALTER TABLE ledger_transactions DROP COLUMN transfer_id;
ALTER TABLE funding_sources DROP COLUMN closed_by;
ALTER TABLE funding_sources DROP COLUMN closed_at;
