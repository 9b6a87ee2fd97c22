SET lock_timeout = '5s';

CREATE TABLE source_trust_proposals (
    id uuid PRIMARY KEY,
    field text NOT NULL,
    source text NOT NULL CHECK (source ~ '^[a-z][a-z0-9_]{1,39}$'),
    rank integer NOT NULL CHECK (rank BETWEEN 0 AND 100),
    stale_months integer CHECK (stale_months BETWEEN 1 AND 120),
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 1000),
    status text NOT NULL DEFAULT 'proposed' CHECK (status IN ('proposed', 'confirmed', 'withdrawn')),
    proposed_by uuid NOT NULL REFERENCES accounts (id),
    decided_by uuid REFERENCES accounts (id),
    decided_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT source_trust_proposals_decided CHECK ((status = 'proposed') = (decided_by IS NULL)),
    CONSTRAINT source_trust_proposals_four_eyes CHECK (status <> 'confirmed' OR decided_by <> proposed_by)
);
CREATE UNIQUE INDEX source_trust_proposals_one_open ON source_trust_proposals (field, source) WHERE status = 'proposed';
COMMENT ON TABLE source_trust_proposals IS 'Changes of how far a source is believed: proposed by one, confirmed by another, kept for good.';
COMMENT ON COLUMN source_trust_proposals.id IS 'Id.';
COMMENT ON COLUMN source_trust_proposals.field IS 'Field or group of fields, as in source_trust.';
COMMENT ON COLUMN source_trust_proposals.source IS 'Source; manual is what people enter here.';
COMMENT ON COLUMN source_trust_proposals.rank IS 'From 0 to 100; the higher is believed.';
COMMENT ON COLUMN source_trust_proposals.stale_months IS 'After so many months anybody newer may replace it; null is never.';
COMMENT ON COLUMN source_trust_proposals.reason IS 'Why.';
COMMENT ON COLUMN source_trust_proposals.status IS 'proposed, confirmed or withdrawn.';
COMMENT ON COLUMN source_trust_proposals.proposed_by IS 'Who proposed it.';
COMMENT ON COLUMN source_trust_proposals.decided_by IS 'Whose second key confirmed it, or who withdrew it.';
COMMENT ON COLUMN source_trust_proposals.decided_at IS 'When.';
COMMENT ON COLUMN source_trust_proposals.version IS 'Version.';
COMMENT ON COLUMN source_trust_proposals.created_at IS 'When it was proposed.';
COMMENT ON COLUMN source_trust_proposals.updated_at IS 'When it last changed.';
