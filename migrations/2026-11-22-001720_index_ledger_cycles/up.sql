CREATE INDEX CONCURRENTLY ledger_transactions_cycle ON ledger_transactions (cycle_id, id) WHERE cycle_id IS NOT NULL;
