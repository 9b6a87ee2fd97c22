CREATE INDEX CONCURRENTLY ledger_transactions_kind ON ledger_transactions (funding_source_id, kind, id);
