CREATE TABLE referrals (
    id uuid PRIMARY KEY,
    problem_id uuid NOT NULL REFERENCES problems (id),
    household_id uuid NOT NULL REFERENCES households (id),
    individual_id uuid REFERENCES individuals (id),
    program_id uuid NOT NULL REFERENCES programs (id),
    cycle_id uuid NOT NULL REFERENCES program_cycles (id),
    funding_source_id uuid REFERENCES funding_sources (id),
    to_organization_id uuid NOT NULL REFERENCES organizations (id),
    status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'sent', 'accepted', 'declined', 'returned', 'scheduled', 'in_service', 'completed', 'expired', 'cancelled')),
    amount_idr bigint NOT NULL DEFAULT 0 CHECK (amount_idr >= 0),
    rule_version integer,
    sensitivity text NOT NULL DEFAULT 'open' CHECK (sensitivity IN ('open', 'restricted')),
    note text,
    reason_code text,
    outcome_code text,
    due_at timestamptz,
    scheduled_on date,
    sent_at timestamptz,
    answered_at timestamptz,
    completed_at timestamptz,
    created_by uuid,
    answered_by uuid,
    demo boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX referrals_household ON referrals (household_id, id);
CREATE INDEX referrals_problem ON referrals (problem_id);
CREATE INDEX referrals_organization ON referrals (to_organization_id, id);
CREATE INDEX referrals_cycle ON referrals (cycle_id);
CREATE UNIQUE INDEX referrals_one_open ON referrals (problem_id, cycle_id) WHERE status IN ('draft', 'sent', 'accepted', 'returned', 'scheduled', 'in_service');
COMMENT ON TABLE referrals IS 'One verified problem sent to one cycle of a program; sending takes seat, money and claims in one transaction.';

CREATE TABLE referral_events (
    id uuid PRIMARY KEY,
    referral_id uuid NOT NULL REFERENCES referrals (id),
    event text NOT NULL,
    from_status text NOT NULL,
    to_status text NOT NULL,
    reason_code text,
    note text,
    actor_id uuid,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX referral_events_referral ON referral_events (referral_id, id);
COMMENT ON TABLE referral_events IS 'History of a referral: who took which step when and why. Append-only.';
CREATE TRIGGER referral_events_append_only BEFORE UPDATE OR DELETE ON referral_events FOR EACH ROW EXECUTE FUNCTION forbid_change();

CREATE TABLE awards (
    id uuid PRIMARY KEY,
    referral_id uuid NOT NULL UNIQUE REFERENCES referrals (id),
    household_id uuid NOT NULL REFERENCES households (id),
    individual_id uuid REFERENCES individuals (id),
    cycle_id uuid NOT NULL REFERENCES program_cycles (id),
    status text NOT NULL DEFAULT 'held' CHECK (status IN ('held', 'given', 'released')),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX awards_household ON awards (household_id);
COMMENT ON TABLE awards IS 'What a referral promises or gave; holds the claims.';

CREATE TABLE claims (
    id uuid PRIMARY KEY,
    award_id uuid NOT NULL REFERENCES awards (id),
    overlap_class text NOT NULL,
    unit_kind text NOT NULL CHECK (unit_kind IN ('person', 'household', 'dwelling')),
    unit_id uuid NOT NULL,
    period daterange NOT NULL,
    active boolean NOT NULL DEFAULT true,
    overridden_by uuid,
    override_reason text,
    CONSTRAINT claims_no_overlap EXCLUDE USING gist (overlap_class WITH =, unit_kind WITH =, unit_id WITH =, period WITH &&)
        WHERE (active AND override_reason IS NULL)
);
CREATE INDEX claims_award ON claims (award_id);
COMMENT ON TABLE claims IS 'One unit holds at most one claim of an overlap class in a period, unless overridden with a reason.';
