SET lock_timeout = '5s';

CREATE FUNCTION organization_has_account(organization uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM grants g JOIN accounts a ON a.id = g.account_id
        WHERE g.scope_kind = 'organization' AND g.scope_ref = organization::text AND g.status = 'active' AND a.status = 'active'
            AND g.from_date <= (now() AT TIME ZONE 'Asia/Jakarta')::date
            AND (g.to_date IS NULL OR g.to_date >= (now() AT TIME ZONE 'Asia/Jakarta')::date))
        OR EXISTS (SELECT FROM clients c WHERE c.organization_id = organization AND c.status = 'active')
$$;
COMMENT ON FUNCTION organization_has_account(uuid) IS 'Whether a user or a machine client acts for the organization today; if not, it is reached by link, letter or telephone.';
CREATE INDEX grants_organization ON grants (scope_ref) WHERE scope_kind = 'organization';
CREATE INDEX clients_organization ON clients (organization_id) WHERE organization_id IS NOT NULL;

CREATE FUNCTION contact_shared(o organizations) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN o.status IN ('suspended', 'dormant')
            OR (o.kind IN ('foundation', 'philanthropy', 'zakat', 'company') AND o.status = 'applied')
            OR o.agreement_from > (now() AT TIME ZONE 'Asia/Jakarta')::date
            OR o.agreement_until < (now() AT TIME ZONE 'Asia/Jakarta')::date
            OR o.registration_expires_on < (now() AT TIME ZONE 'Asia/Jakarta')::date
            THEN NULL
        WHEN o.kind IN ('foundation', 'philanthropy', 'zakat', 'company')
            AND (o.agreement_number IS NOT NULL OR cardinality(o.agreement_fields) > 0)
            THEN ARRAY(SELECT f FROM unnest(ARRAY['address', 'phone']) WITH ORDINALITY AS t (f, n) WHERE f = ANY(o.agreement_fields) ORDER BY n)
        ELSE ARRAY['address', 'phone']
    END
$$;
COMMENT ON FUNCTION contact_shared(organizations) IS 'How a person is reached (address, phone) that the organization may be told today; null where its papers are not in force.';

CREATE TABLE referral_links (
    id uuid PRIMARY KEY,
    referral_id uuid NOT NULL REFERENCES referrals (id),
    medium text NOT NULL CHECK (medium IN ('link', 'letter')),
    secret_hash bytea NOT NULL,
    made_by uuid NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    end_reason text CHECK (end_reason IN ('replaced', 'answered', 'closed')),
    CONSTRAINT referral_links_end CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);
CREATE UNIQUE INDEX referral_links_secret ON referral_links (secret_hash);
CREATE UNIQUE INDEX referral_links_one_open ON referral_links (referral_id) WHERE ended_at IS NULL;
CREATE INDEX referral_links_referral ON referral_links (referral_id);
COMMENT ON TABLE referral_links IS 'One-time keys by which a receiver without an account answers one sent referral; valid until the referral is due.';
COMMENT ON COLUMN referral_links.id IS 'UUIDv7.';
COMMENT ON COLUMN referral_links.referral_id IS 'The referral.';
COMMENT ON COLUMN referral_links.medium IS 'How it was given out: as a link to copy, or printed on a letter.';
COMMENT ON COLUMN referral_links.secret_hash IS 'Keyed hash of the secret, which is kept nowhere.';
COMMENT ON COLUMN referral_links.made_by IS 'Account that made it.';
COMMENT ON COLUMN referral_links.made_at IS 'When.';
COMMENT ON COLUMN referral_links.ended_at IS 'When it stopped being of use, other than by time.';
COMMENT ON COLUMN referral_links.end_reason IS 'By a newer one, by an answer, or since the referral was no longer sent.';

-- Whatever takes a referral out of "sent" ends its link in the same transaction: sent again, it needs a new one.
CREATE FUNCTION referrals_end_links() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE referral_links SET ended_at = now(),
        end_reason = CASE WHEN NEW.status IN ('accepted', 'declined') THEN 'answered' ELSE 'closed' END
    WHERE referral_id = NEW.id AND ended_at IS NULL;
    RETURN NULL;
END
$$;
CREATE TRIGGER referrals_end_links AFTER UPDATE OF status ON referrals FOR EACH ROW
    WHEN (OLD.status = 'sent' AND NEW.status <> 'sent') EXECUTE FUNCTION referrals_end_links();

CREATE TABLE referral_answers (
    event_id uuid PRIMARY KEY REFERENCES referral_events (id),
    referral_id uuid NOT NULL REFERENCES referrals (id),
    channel text NOT NULL CHECK (channel IN ('link', 'letter', 'phone', 'email', 'visit')),
    answered_by text NOT NULL,
    answered_on date NOT NULL,
    evidence_id uuid REFERENCES evidence (id),
    recorded_by uuid,
    CONSTRAINT referral_answers_shown CHECK (channel = 'link' OR (evidence_id IS NOT NULL AND recorded_by IS NOT NULL))
);
CREATE INDEX referral_answers_referral ON referral_answers (referral_id);
CREATE INDEX referral_answers_evidence ON referral_answers (evidence_id) WHERE evidence_id IS NOT NULL;
COMMENT ON TABLE referral_answers IS 'Answers of receivers without an account: given by link, or recorded on their behalf with evidence. Append-only.';
COMMENT ON COLUMN referral_answers.event_id IS 'The step in the history.';
COMMENT ON COLUMN referral_answers.referral_id IS 'The referral.';
COMMENT ON COLUMN referral_answers.channel IS 'How the answer came.';
COMMENT ON COLUMN referral_answers.answered_by IS '[personal] Who answered for the organization.';
COMMENT ON COLUMN referral_answers.answered_on IS 'On which day.';
COMMENT ON COLUMN referral_answers.evidence_id IS 'File of the problem that shows it; none for a link.';
COMMENT ON COLUMN referral_answers.recorded_by IS 'Account that recorded it; none for a link.';
CREATE TRIGGER referral_answers_append_only BEFORE UPDATE OR DELETE ON referral_answers FOR EACH ROW EXECUTE FUNCTION forbid_change();
CREATE TRIGGER referral_answers_no_truncate BEFORE TRUNCATE ON referral_answers FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
