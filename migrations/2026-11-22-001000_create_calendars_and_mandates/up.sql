SET lock_timeout = '5s';

CREATE TABLE calendars (
    id uuid PRIMARY KEY,
    code text NOT NULL UNIQUE CHECK (code ~ '^[a-z][a-z0-9_]{0,39}$'),
    name jsonb NOT NULL,
    working_weekdays integer[] NOT NULL DEFAULT '{1,2,3,4,5}',
    is_default boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT calendars_weekdays CHECK (cardinality(working_weekdays) BETWEEN 1 AND 7 AND working_weekdays <@ '{1,2,3,4,5,6,7}'::integer[])
);
CREATE UNIQUE INDEX calendars_one_default ON calendars (is_default) WHERE is_default;
COMMENT ON TABLE calendars IS 'Which days an office works. Deadlines in working days are counted by one of these.';
COMMENT ON COLUMN calendars.id IS 'UUIDv7.';
COMMENT ON COLUMN calendars.code IS 'Stable name.';
COMMENT ON COLUMN calendars.name IS 'In both languages of the screen.';
COMMENT ON COLUMN calendars.working_weekdays IS 'ISO weekdays that are worked: 1 is Monday, 7 Sunday.';
COMMENT ON COLUMN calendars.is_default IS 'The city''s own; at most one.';
COMMENT ON COLUMN calendars.version IS 'Raised by every change, of its holidays too.';
COMMENT ON COLUMN calendars.created_at IS 'When it was made.';
COMMENT ON COLUMN calendars.updated_at IS 'When it last changed.';

CREATE TABLE calendar_holidays (
    calendar_id uuid NOT NULL REFERENCES calendars (id),
    date date NOT NULL,
    name jsonb NOT NULL,
    kind text NOT NULL CHECK (kind IN ('national', 'collective_leave', 'local')),
    decreed boolean NOT NULL DEFAULT false,
    source text,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (calendar_id, date)
);
COMMENT ON TABLE calendar_holidays IS 'Days on which a calendar does not work although its weekday would be worked.';
COMMENT ON COLUMN calendar_holidays.calendar_id IS 'The calendar.';
COMMENT ON COLUMN calendar_holidays.date IS 'Civil date at the office (Asia/Jakarta).';
COMMENT ON COLUMN calendar_holidays.name IS 'In both languages of the screen.';
COMMENT ON COLUMN calendar_holidays.kind IS 'national, collective_leave (cuti bersama) or local.';
COMMENT ON COLUMN calendar_holidays.decreed IS 'Whether a decree fixed the date; otherwise it is an estimate.';
COMMENT ON COLUMN calendar_holidays.source IS 'The decree, or how the date was estimated.';
COMMENT ON COLUMN calendar_holidays.created_at IS 'When it was entered.';

CREATE TABLE mandates (
    id uuid PRIMARY KEY,
    need_code text NOT NULL,
    service_code text,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    calendar_id uuid NOT NULL REFERENCES calendars (id),
    sla_days integer NOT NULL CHECK (sla_days BETWEEN 1 AND 365),
    emergency_days integer CHECK (emergency_days BETWEEN 0 AND 365),
    decree text,
    valid_from date NOT NULL,
    valid_to date,
    demo boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT mandates_dates CHECK (valid_to IS NULL OR valid_to >= valid_from),
    CONSTRAINT mandates_one_at_a_time EXCLUDE USING gist (
        need_code WITH =, (coalesce(service_code, '')) WITH =, daterange(valid_from, valid_to, '[]') WITH &&)
);
COMMENT ON TABLE mandates IS 'Which organization answers for a need, or for one service to it, by when and by which decree. One at a time.';
COMMENT ON COLUMN mandates.id IS 'UUIDv7.';
COMMENT ON COLUMN mandates.need_code IS 'Code of the list needs.';
COMMENT ON COLUMN mandates.service_code IS 'Code of the list services; null is the need as a whole.';
COMMENT ON COLUMN mandates.organization_id IS 'Who answers for it; never changes.';
COMMENT ON COLUMN mandates.calendar_id IS 'Calendar its days are counted by; never changes.';
COMMENT ON COLUMN mandates.sla_days IS 'Working days until it is due.';
COMMENT ON COLUMN mandates.emergency_days IS 'Working days in an emergency; sla_days where null.';
COMMENT ON COLUMN mandates.decree IS 'Legal basis.';
COMMENT ON COLUMN mandates.valid_from IS 'First day in force.';
COMMENT ON COLUMN mandates.valid_to IS 'Last day in force; null is open.';
COMMENT ON COLUMN mandates.demo IS 'Part of the demo city.';
COMMENT ON COLUMN mandates.version IS 'Raised by every change.';
COMMENT ON COLUMN mandates.created_at IS 'When it was made.';
COMMENT ON COLUMN mandates.updated_at IS 'When it last changed.';

ALTER TABLE problems
    ADD COLUMN mandate_id uuid REFERENCES mandates (id),
    ADD COLUMN due_from date,
    ADD COLUMN due_days integer,
    ADD COLUMN due_on date,
    ADD CONSTRAINT problems_due CHECK ((mandate_id IS NULL) = (due_on IS NULL) AND (due_on IS NULL) = (due_from IS NULL) AND (due_on IS NULL) = (due_days IS NULL));
COMMENT ON COLUMN problems.mandate_id IS 'Mandate in force when it was reported: who is responsible.';
COMMENT ON COLUMN problems.due_from IS 'Civil date the working days are counted from.';
COMMENT ON COLUMN problems.due_days IS 'Working days granted.';
COMMENT ON COLUMN problems.due_on IS 'Last day in time, by the mandate''s calendar; moves when a holiday is added.';
