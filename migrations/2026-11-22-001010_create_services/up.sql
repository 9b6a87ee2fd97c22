SET lock_timeout = '5s';

CREATE TABLE letter_templates (
    id uuid PRIMARY KEY,
    service_code text NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    title text NOT NULL,
    body text NOT NULL,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (service_code, version)
);
COMMENT ON TABLE letter_templates IS 'Text of the letters of a service with placeholders, one row a version. Append-only.';
COMMENT ON COLUMN letter_templates.id IS 'UUIDv7.';
COMMENT ON COLUMN letter_templates.service_code IS 'Code of the list services.';
COMMENT ON COLUMN letter_templates.version IS 'Counted up for the service; the highest is in force.';
COMMENT ON COLUMN letter_templates.title IS 'Heading of the letter.';
COMMENT ON COLUMN letter_templates.body IS 'Paragraphs with placeholders in double braces.';
COMMENT ON COLUMN letter_templates.created_by IS 'Who wrote it; null for what ships with the service.';
COMMENT ON COLUMN letter_templates.created_at IS 'When it was written.';
CREATE TRIGGER letter_templates_append_only BEFORE UPDATE OR DELETE ON letter_templates FOR EACH ROW EXECUTE FUNCTION forbid_change();

CREATE TABLE service_requests (
    id uuid PRIMARY KEY,
    service_code text NOT NULL,
    subject_kind text NOT NULL CHECK (subject_kind IN ('household', 'individual')),
    household_id uuid NOT NULL REFERENCES households (id),
    individual_id uuid REFERENCES individuals (id),
    problem_id uuid REFERENCES problems (id),
    purpose text,
    addressee text,
    documents text[] NOT NULL DEFAULT '{}',
    missing text[] NOT NULL DEFAULT '{}',
    status text NOT NULL DEFAULT 'received' CHECK (status IN ('received', 'handled', 'approved', 'issued', 'returned', 'cancelled')),
    sensitivity text NOT NULL DEFAULT 'open' CHECK (sensitivity IN ('open', 'restricted')),
    organization_id uuid REFERENCES organizations (id),
    calendar_id uuid NOT NULL REFERENCES calendars (id),
    due_from date NOT NULL,
    due_days integer NOT NULL,
    due_on date NOT NULL,
    received_by uuid,
    received_at timestamptz NOT NULL DEFAULT now(),
    handled_by uuid,
    handled_at timestamptz,
    approved_by uuid,
    approved_at timestamptz,
    closed_at timestamptz,
    reason text,
    demo boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT service_requests_subject CHECK ((subject_kind = 'individual') = (individual_id IS NOT NULL)),
    CONSTRAINT service_requests_four_eyes CHECK (received_by IS NULL OR approved_by IS NULL OR received_by <> approved_by)
);
CREATE INDEX service_requests_household ON service_requests (household_id, id);
CREATE INDEX service_requests_status ON service_requests (status, id);
COMMENT ON TABLE service_requests IS 'What somebody asked for at the counter, from intake to a letter.';
COMMENT ON COLUMN service_requests.id IS 'UUIDv7.';
COMMENT ON COLUMN service_requests.service_code IS 'Code of the list services.';
COMMENT ON COLUMN service_requests.subject_kind IS 'household or individual.';
COMMENT ON COLUMN service_requests.household_id IS 'The household; decides who sees the row.';
COMMENT ON COLUMN service_requests.individual_id IS 'The person, where it is for one.';
COMMENT ON COLUMN service_requests.problem_id IS 'Problem it answers; its label is inherited.';
COMMENT ON COLUMN service_requests.purpose IS '[personal] What the letter is for, in words.';
COMMENT ON COLUMN service_requests.addressee IS '[personal] Whom the letter is for, in words.';
COMMENT ON COLUMN service_requests.documents IS 'Documents shown at the counter: codes of the list documents.';
COMMENT ON COLUMN service_requests.missing IS 'Documents it was returned for.';
COMMENT ON COLUMN service_requests.status IS 'How far it is.';
COMMENT ON COLUMN service_requests.sensitivity IS 'Who may see it; inherited from service and problem.';
COMMENT ON COLUMN service_requests.organization_id IS 'Who answers for it, by the mandate for the need and service.';
COMMENT ON COLUMN service_requests.calendar_id IS 'Calendar its days are counted by.';
COMMENT ON COLUMN service_requests.due_from IS 'Civil date the working days are counted from.';
COMMENT ON COLUMN service_requests.due_days IS 'Working days granted.';
COMMENT ON COLUMN service_requests.due_on IS 'Last day in time; moves when a holiday is added.';
COMMENT ON COLUMN service_requests.received_by IS 'Account that took it in; never the one that approves it.';
COMMENT ON COLUMN service_requests.received_at IS 'When it was taken in.';
COMMENT ON COLUMN service_requests.handled_by IS 'Account that checked it.';
COMMENT ON COLUMN service_requests.handled_at IS 'When it was checked.';
COMMENT ON COLUMN service_requests.approved_by IS 'Account that approved it and signs the letter.';
COMMENT ON COLUMN service_requests.approved_at IS 'When it was approved.';
COMMENT ON COLUMN service_requests.closed_at IS 'When it was issued or cancelled.';
COMMENT ON COLUMN service_requests.reason IS '[personal] Why it was returned or cancelled, in words.';
COMMENT ON COLUMN service_requests.demo IS 'Part of the demo city.';
COMMENT ON COLUMN service_requests.version IS 'Raised by every change.';
COMMENT ON COLUMN service_requests.updated_at IS 'When it last changed.';

CREATE TABLE letter_series (
    year integer NOT NULL,
    service_code text NOT NULL,
    sensitivity text NOT NULL,
    last integer NOT NULL CHECK (last > 0),
    PRIMARY KEY (year, service_code, sensitivity)
);
COMMENT ON TABLE letter_series IS 'Last number given in a year for a service. Restricted letters have a series of their own, so that no gap tells of them.';
COMMENT ON COLUMN letter_series.year IS 'Year at the office.';
COMMENT ON COLUMN letter_series.service_code IS 'Code of the list services.';
COMMENT ON COLUMN letter_series.sensitivity IS 'Which series.';
COMMENT ON COLUMN letter_series.last IS 'Last number given; raised in the transaction that issues.';

CREATE TABLE letters (
    id uuid PRIMARY KEY,
    request_id uuid NOT NULL UNIQUE REFERENCES service_requests (id),
    template_id uuid NOT NULL REFERENCES letter_templates (id),
    service_code text NOT NULL,
    sensitivity text NOT NULL CHECK (sensitivity IN ('open', 'restricted')),
    year integer NOT NULL,
    number integer NOT NULL,
    number_text text NOT NULL UNIQUE,
    title text NOT NULL,
    body text NOT NULL,
    subject_initials text NOT NULL,
    office text NOT NULL,
    signatory_name text NOT NULL,
    signatory_title text NOT NULL,
    issued_by uuid,
    issued_on date NOT NULL,
    issued_at timestamptz NOT NULL DEFAULT now(),
    code text NOT NULL UNIQUE,
    secret_hash bytea NOT NULL,
    file bytea NOT NULL,
    file_sha256 bytea NOT NULL,
    UNIQUE (year, service_code, sensitivity, number)
);
COMMENT ON TABLE letters IS 'Letters as they were issued. Append-only: a letter is revoked by a row in letter_revocations.';
COMMENT ON COLUMN letters.id IS 'UUIDv7.';
COMMENT ON COLUMN letters.request_id IS 'Request it answers; one letter each.';
COMMENT ON COLUMN letters.template_id IS 'Version of the template it was made from.';
COMMENT ON COLUMN letters.service_code IS 'Code of the list services.';
COMMENT ON COLUMN letters.sensitivity IS 'Who may see it; inherited from the request.';
COMMENT ON COLUMN letters.year IS 'Year of its number.';
COMMENT ON COLUMN letters.number IS 'Number in its series, without gaps.';
COMMENT ON COLUMN letters.number_text IS 'Number as printed.';
COMMENT ON COLUMN letters.title IS 'Heading as printed.';
COMMENT ON COLUMN letters.body IS '[personal] Text as printed.';
COMMENT ON COLUMN letters.subject_initials IS 'All that the public check says of the person.';
COMMENT ON COLUMN letters.office IS 'Issuing office as printed.';
COMMENT ON COLUMN letters.signatory_name IS 'Who signed.';
COMMENT ON COLUMN letters.signatory_title IS 'In which function.';
COMMENT ON COLUMN letters.issued_by IS 'Account that issued it.';
COMMENT ON COLUMN letters.issued_on IS 'Date of the letter.';
COMMENT ON COLUMN letters.issued_at IS 'When it was issued.';
COMMENT ON COLUMN letters.code IS 'Public code for the check.';
COMMENT ON COLUMN letters.secret_hash IS 'Keyed hash of the secret that is printed beside the code.';
COMMENT ON COLUMN letters.file IS '[personal] The PDF as it was made.';
COMMENT ON COLUMN letters.file_sha256 IS 'SHA-256 of the PDF.';
CREATE TRIGGER letters_append_only BEFORE UPDATE OR DELETE ON letters FOR EACH ROW EXECUTE FUNCTION forbid_change();

CREATE TABLE letter_revocations (
    letter_id uuid PRIMARY KEY REFERENCES letters (id),
    reason text NOT NULL,
    revoked_by uuid,
    revoked_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE letter_revocations IS 'Letters that no longer hold. Append-only.';
COMMENT ON COLUMN letter_revocations.letter_id IS 'The letter.';
COMMENT ON COLUMN letter_revocations.reason IS '[personal] Why, in words.';
COMMENT ON COLUMN letter_revocations.revoked_by IS 'Account that revoked it.';
COMMENT ON COLUMN letter_revocations.revoked_at IS 'When.';
CREATE TRIGGER letter_revocations_append_only BEFORE UPDATE OR DELETE ON letter_revocations FOR EACH ROW EXECUTE FUNCTION forbid_change();

CREATE TABLE letter_check_failures (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key_hash bytea NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX letter_check_failures_key ON letter_check_failures (key_hash, at);
COMMENT ON TABLE letter_check_failures IS 'Failed checks of letters in the last minutes, by keyed hash of code and address.';
COMMENT ON COLUMN letter_check_failures.id IS 'Counted up.';
COMMENT ON COLUMN letter_check_failures.key_hash IS 'Keyed hash of the code or the address.';
COMMENT ON COLUMN letter_check_failures.at IS 'When.';
