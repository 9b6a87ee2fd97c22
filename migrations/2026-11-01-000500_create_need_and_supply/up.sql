CREATE TABLE problems (
    id uuid PRIMARY KEY,
    subject_kind text NOT NULL CHECK (subject_kind IN ('household', 'individual')),
    household_id uuid NOT NULL REFERENCES households (id),
    individual_id uuid REFERENCES individuals (id),
    need_code text NOT NULL,
    ppks_code text,
    severity text NOT NULL CHECK (severity IN ('emergency', 'high', 'medium', 'low')),
    source text NOT NULL CHECK (source IN ('citizen', 'village', 'import', 'assessment', 'referral', 'lapor', 'rule')),
    status text NOT NULL CHECK (status IN ('candidate', 'reported', 'verified', 'in_service', 'partly_resolved', 'resolved', 'unfounded', 'referred_out', 'expired', 'dismissed')),
    sensitivity text NOT NULL DEFAULT 'open' CHECK (sensitivity IN ('open', 'restricted')),
    description text,
    onset_on date,
    detected_by_rule text,
    reported_by uuid,
    reported_at timestamptz NOT NULL DEFAULT now(),
    verified_by uuid,
    verified_at timestamptz,
    closed_at timestamptz,
    reason_code text,
    demo boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT problems_subject CHECK ((subject_kind = 'individual') = (individual_id IS NOT NULL)),
    CONSTRAINT problems_four_eyes CHECK (reported_by IS NULL OR verified_by IS NULL OR reported_by <> verified_by)
);
CREATE INDEX problems_household ON problems (household_id, id);
CREATE INDEX problems_status ON problems (status, id);
COMMENT ON TABLE problems IS 'A need of a household or a person, from report to resolution; by rule only a candidate until a human confirms.';

CREATE TABLE programs (
    id uuid PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name jsonb NOT NULL,
    description jsonb NOT NULL DEFAULT '{}',
    organization_id uuid NOT NULL REFERENCES organizations (id),
    pillar text NOT NULL,
    needs text[] NOT NULL DEFAULT '{}',
    access_mode text NOT NULL CHECK (access_mode IN ('referral', 'ministry_proposal', 'self_apply', 'open_service')),
    benefit_kind text NOT NULL CHECK (benefit_kind IN ('cash', 'goods', 'service', 'insurance', 'training', 'job', 'scholarship', 'housing', 'capital', 'loan')),
    benefit_unit text NOT NULL,
    benefit_value_idr bigint NOT NULL CHECK (benefit_value_idr >= 0),
    benefit_period text NOT NULL,
    overlap_class text,
    claim_unit text NOT NULL CHECK (claim_unit IN ('person', 'household', 'dwelling')),
    areas text[] NOT NULL DEFAULT '{}',
    documents text[] NOT NULL DEFAULT '{}',
    legal_basis text,
    how_to_apply text,
    rule jsonb,
    sensitivity text NOT NULL DEFAULT 'open' CHECK (sensitivity IN ('open', 'restricted')),
    status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'submitted', 'published', 'suspended', 'closed')),
    return_reason text,
    submitted_by uuid,
    published_by uuid,
    created_by uuid,
    demo boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT programs_four_eyes CHECK (submitted_by IS NULL OR published_by IS NULL OR submitted_by <> published_by)
);
CREATE INDEX programs_organization ON programs (organization_id, id);
COMMENT ON TABLE programs IS 'The lasting part of a program; seats, dates and money are on its cycles.';

CREATE TABLE program_cycles (
    id uuid PRIMARY KEY,
    program_id uuid NOT NULL REFERENCES programs (id),
    name text NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    seat_kind text NOT NULL CHECK (seat_kind IN ('stock', 'capacity', 'batch')),
    seats integer NOT NULL CHECK (seats >= 0),
    seats_taken integer NOT NULL DEFAULT 0,
    rule_version integer NOT NULL DEFAULT 1,
    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed')),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT program_cycles_dates CHECK (ends_on >= starts_on),
    CONSTRAINT program_cycles_seats CHECK (seats_taken >= 0 AND seats_taken <= seats)
);
CREATE INDEX program_cycles_program ON program_cycles (program_id, id);
COMMENT ON TABLE program_cycles IS 'A fiscal year or batch of a program. Seats taken never exceed seats.';

CREATE TABLE funding_sources (
    id uuid PRIMARY KEY,
    code text NOT NULL UNIQUE,
    kind text NOT NULL CHECK (kind IN ('apbd_kota', 'apbd_provinsi', 'apbn', 'foundation', 'philanthropy', 'zakat', 'csr', 'grant')),
    organization_id uuid NOT NULL REFERENCES organizations (id),
    fiscal_year integer NOT NULL CHECK (fiscal_year BETWEEN 2000 AND 2100),
    name text NOT NULL,
    unit text NOT NULL DEFAULT 'IDR',
    restrictions jsonb NOT NULL DEFAULT '{}',
    sensitivity text NOT NULL DEFAULT 'open' CHECK (sensitivity IN ('open', 'restricted')),
    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed')),
    created_by uuid,
    demo boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX funding_sources_organization ON funding_sources (organization_id, id);
COMMENT ON TABLE funding_sources IS 'A pot of money of one owner and fiscal year, with what it may be spent on.';

CREATE TABLE ledger_accounts (
    id uuid PRIMARY KEY,
    funding_source_id uuid NOT NULL REFERENCES funding_sources (id),
    cycle_id uuid REFERENCES program_cycles (id),
    bucket text NOT NULL CHECK (bucket IN ('origin', 'pledged', 'available', 'allotted', 'reserved', 'committed', 'disbursed', 'lapsed')),
    unit text NOT NULL DEFAULT 'IDR',
    balance bigint NOT NULL DEFAULT 0,
    CONSTRAINT ledger_accounts_overdrawn CHECK (bucket = 'origin' OR balance >= 0),
    CONSTRAINT ledger_accounts_cycle CHECK ((bucket IN ('allotted', 'reserved', 'committed', 'disbursed')) = (cycle_id IS NOT NULL)),
    UNIQUE NULLS NOT DISTINCT (funding_source_id, cycle_id, bucket, unit)
);
CREATE INDEX ledger_accounts_cycle_id ON ledger_accounts (cycle_id, bucket) WHERE cycle_id IS NOT NULL;
COMMENT ON TABLE ledger_accounts IS 'Accounts of the double-entry ledger; origin is the contra side of money coming in, everything else never falls below zero.';

CREATE TABLE ledger_transactions (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('pledge', 'receive', 'appropriate', 'revise', 'allot', 'reserve', 'commit', 'disburse', 'release', 'refund', 'lapse', 'carry_over', 'close_year')),
    funding_source_id uuid NOT NULL REFERENCES funding_sources (id),
    cycle_id uuid REFERENCES program_cycles (id),
    referral_id uuid,
    amount bigint NOT NULL CHECK (amount > 0),
    unit text NOT NULL DEFAULT 'IDR',
    reference text,
    reason text,
    created_by uuid,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ledger_transactions_source ON ledger_transactions (funding_source_id, id);
CREATE INDEX ledger_transactions_referral ON ledger_transactions (referral_id) WHERE referral_id IS NOT NULL;
COMMENT ON TABLE ledger_transactions IS 'One movement of money or goods: what, why, for which cycle and referral; its lines are in ledger_entries. Append-only.';

CREATE TABLE ledger_entries (
    transaction_id uuid NOT NULL REFERENCES ledger_transactions (id),
    line smallint NOT NULL,
    account_id uuid NOT NULL REFERENCES ledger_accounts (id),
    amount bigint NOT NULL CHECK (amount <> 0),
    PRIMARY KEY (transaction_id, line)
);
CREATE INDEX ledger_entries_account ON ledger_entries (account_id, transaction_id);
COMMENT ON TABLE ledger_entries IS 'Signed lines; those of one transaction sum to zero. Append-only. Balances are moved by a trigger, so they cannot disagree.';

CREATE FUNCTION ledger_apply() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ledger_accounts SET balance = balance + NEW.amount WHERE id = NEW.account_id;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_entries_apply AFTER INSERT ON ledger_entries FOR EACH ROW EXECUTE FUNCTION ledger_apply();

CREATE FUNCTION ledger_check_sum() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT sum(amount) FROM ledger_entries WHERE transaction_id = NEW.transaction_id) <> 0 THEN
        RAISE EXCEPTION 'ledger transaction does not sum to zero' USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entries_zero_sum';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_entries_zero_sum AFTER INSERT ON ledger_entries DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_sum();
CREATE TRIGGER ledger_entries_append_only BEFORE UPDATE OR DELETE ON ledger_entries FOR EACH ROW EXECUTE FUNCTION forbid_change();
CREATE TRIGGER ledger_entries_no_truncate BEFORE TRUNCATE ON ledger_entries FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER ledger_transactions_append_only BEFORE UPDATE OR DELETE ON ledger_transactions FOR EACH ROW EXECUTE FUNCTION forbid_change();
CREATE TRIGGER ledger_transactions_no_truncate BEFORE TRUNCATE ON ledger_transactions FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
