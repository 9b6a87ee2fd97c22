DROP TABLE ledger_entries, ledger_transactions, ledger_accounts, funding_sources, program_cycles, programs, problems;
DROP FUNCTION ledger_check_sum();
DROP FUNCTION ledger_apply();
