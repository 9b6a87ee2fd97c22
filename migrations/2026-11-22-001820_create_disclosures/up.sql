SET lock_timeout = '5s';

CREATE TABLE disclosures (
    id uuid PRIMARY KEY,
    referral_id uuid NOT NULL REFERENCES referrals (id),
    organization_id uuid NOT NULL REFERENCES organizations (id),
    household_id uuid NOT NULL REFERENCES households (id),
    fields text[] NOT NULL CHECK (cardinality(fields) > 0),
    basis text NOT NULL CHECK (basis IN ('referral_sent', 'referral_accepted', 'referral_scheduled')),
    agreement_number text,
    until_on date,
    disclosed_by uuid,
    at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT disclosures_once UNIQUE (referral_id, basis)
);
CREATE INDEX disclosures_household ON disclosures (household_id, id);
CREATE INDEX disclosures_organization ON disclosures (organization_id, id);
COMMENT ON TABLE disclosures IS 'Which fields of whom an organization has been given, by which step of which referral and under which agreement. Append-only.';
COMMENT ON COLUMN disclosures.id IS 'UUIDv7.';
COMMENT ON COLUMN disclosures.referral_id IS 'The referral; who sees it sees the entry.';
COMMENT ON COLUMN disclosures.organization_id IS 'To whom.';
COMMENT ON COLUMN disclosures.household_id IS 'Of which household.';
COMMENT ON COLUMN disclosures.fields IS 'What was given.';
COMMENT ON COLUMN disclosures.basis IS 'The step that gave it.';
COMMENT ON COLUMN disclosures.agreement_number IS 'Data-sharing agreement in force.';
COMMENT ON COLUMN disclosures.until_on IS 'Last day of that agreement; null is open.';
COMMENT ON COLUMN disclosures.disclosed_by IS 'Who took the step.';
COMMENT ON COLUMN disclosures.at IS 'When.';
CREATE TRIGGER disclosures_append_only BEFORE UPDATE OR DELETE ON disclosures FOR EACH ROW EXECUTE FUNCTION forbid_change();
CREATE TRIGGER disclosures_no_truncate BEFORE TRUNCATE ON disclosures FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

ALTER TABLE claims
    ADD COLUMN overridden_at timestamptz,
    ADD COLUMN reviewed_by uuid,
    ADD COLUMN reviewed_at timestamptz,
    ADD COLUMN review_finding text CHECK (review_finding IN ('justified', 'not_justified')),
    ADD COLUMN review_note text,
    ADD CONSTRAINT claims_review CHECK ((reviewed_by IS NULL) = (review_finding IS NULL)),
    ADD CONSTRAINT claims_four_eyes CHECK (reviewed_by IS NULL OR overridden_by IS NULL OR reviewed_by <> overridden_by);
COMMENT ON COLUMN claims.overridden_at IS 'When the overlap guard was overridden for it.';
COMMENT ON COLUMN claims.reviewed_by IS 'Who looked at the override: another.';
COMMENT ON COLUMN claims.reviewed_at IS 'When.';
COMMENT ON COLUMN claims.review_finding IS 'What was found.';
COMMENT ON COLUMN claims.review_note IS 'In words.';
CREATE INDEX claims_overridden ON claims (id) WHERE override_reason IS NOT NULL;

ALTER TABLE reported_benefits ADD COLUMN source text NOT NULL DEFAULT 'list', ADD COLUMN reported_by uuid, ADD COLUMN created_at timestamptz NOT NULL DEFAULT now();
COMMENT ON COLUMN reported_benefits.source IS 'Who reports it: the name of a list or of an organization.';
COMMENT ON COLUMN reported_benefits.reported_by IS 'Account that entered it.';
COMMENT ON COLUMN reported_benefits.created_at IS 'When it was entered.';
ALTER TABLE recipient_lists ADD COLUMN loaded_by uuid;
COMMENT ON COLUMN recipient_lists.loaded_by IS 'Account that loaded it.';
