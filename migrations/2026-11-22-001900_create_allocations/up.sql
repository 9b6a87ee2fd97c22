SET lock_timeout = '5s';

CREATE TABLE allocation_plans (
    id uuid PRIMARY KEY,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    policy text NOT NULL CHECK (policy IN ('optimal', 'greedy', 'first_come')),
    sensitivity text NOT NULL DEFAULT 'open' CHECK (sensitivity IN ('open', 'restricted')),
    what_if boolean NOT NULL DEFAULT false,
    parameters jsonb NOT NULL,
    seed text NOT NULL CHECK (length(seed) BETWEEN 16 AND 128),
    seed_commitment text NOT NULL CHECK (seed_commitment ~ '^[0-9a-f]{64}$'),
    status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'proposed', 'approved', 'executing', 'executed', 'cancelled', 'failed')),
    operation_id uuid NOT NULL REFERENCES operations (id),
    as_of timestamptz,
    input_sha256 text,
    result_sha256 text,
    result jsonb,
    solved_at timestamptz,
    created_by uuid NOT NULL REFERENCES accounts (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    proposed_by uuid REFERENCES accounts (id),
    proposed_at timestamptz,
    approved_by uuid REFERENCES accounts (id),
    approved_at timestamptz,
    executed_by uuid REFERENCES accounts (id),
    executed_at timestamptz,
    ended_at timestamptz,
    reason text CHECK (length(reason) <= 1000),
    error jsonb,
    version bigint NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT allocation_plans_solved CHECK ((solved_at IS NULL) = (result IS NULL) AND (status IN ('draft', 'cancelled', 'failed') OR solved_at IS NOT NULL)),
    CONSTRAINT allocation_plans_proposed CHECK ((proposed_by IS NULL) = (proposed_at IS NULL) AND (status IN ('draft', 'cancelled', 'failed') OR proposed_by IS NOT NULL)),
    CONSTRAINT allocation_plans_approved CHECK ((approved_by IS NULL) = (approved_at IS NULL) AND (status IN ('draft', 'proposed', 'cancelled', 'failed') OR approved_by IS NOT NULL)),
    CONSTRAINT allocation_plans_four_eyes CHECK (approved_by IS NULL OR approved_by <> proposed_by),
    CONSTRAINT allocation_plans_what_if CHECK (NOT what_if OR status IN ('draft', 'cancelled', 'failed')),
    CONSTRAINT allocation_plans_begun CHECK ((executed_by IS NULL) = (executed_at IS NULL) AND (status NOT IN ('executing', 'executed') OR executed_by IS NOT NULL) AND (executed_by IS NULL OR approved_by IS NOT NULL))
);
COMMENT ON TABLE allocation_plans IS 'Plans over needs, programs and money: frozen input, what is proposed, its proof, and how far it was carried out.';
COMMENT ON COLUMN allocation_plans.id IS 'UUIDv7.';
COMMENT ON COLUMN allocation_plans.name IS 'What it is called.';
COMMENT ON COLUMN allocation_plans.policy IS 'optimal by the solver; greedy and first_come to compare with.';
COMMENT ON COLUMN allocation_plans.sensitivity IS 'Whether it divides the open or the restricted programs; never both.';
COMMENT ON COLUMN allocation_plans.what_if IS 'With money that does not exist: never carried out.';
COMMENT ON COLUMN allocation_plans.parameters IS 'What was asked: programs, sources, weights, caps, duties of minimum service, extra budgets, limit of steps.';
COMMENT ON COLUMN allocation_plans.seed IS 'Decides between equals; told once the plan is approved or ended.';
COMMENT ON COLUMN allocation_plans.seed_commitment IS 'SHA-256 of the seed, told from the beginning.';
COMMENT ON COLUMN allocation_plans.status IS 'How far it is.';
COMMENT ON COLUMN allocation_plans.operation_id IS 'The calculation, and later the carrying out.';
COMMENT ON COLUMN allocation_plans.as_of IS 'The moment whose state was frozen.';
COMMENT ON COLUMN allocation_plans.input_sha256 IS 'Of everything the calculation read.';
COMMENT ON COLUMN allocation_plans.result_sha256 IS 'Of the lines and of who was left out: the same input and seed give the same.';
COMMENT ON COLUMN allocation_plans.result IS 'Counts, tiers with bound and gap, budgets and seats with their prices, fairness, reasons of who was left out.';
COMMENT ON COLUMN allocation_plans.solved_at IS 'When the calculation ended.';
COMMENT ON COLUMN allocation_plans.created_by IS 'Who asked for it.';
COMMENT ON COLUMN allocation_plans.created_at IS 'When.';
COMMENT ON COLUMN allocation_plans.proposed_by IS 'Who stands for it; never who approves it.';
COMMENT ON COLUMN allocation_plans.proposed_at IS 'When.';
COMMENT ON COLUMN allocation_plans.approved_by IS 'Second person.';
COMMENT ON COLUMN allocation_plans.approved_at IS 'When.';
COMMENT ON COLUMN allocation_plans.executed_by IS 'Who has it carried out; the referrals are sent by his right.';
COMMENT ON COLUMN allocation_plans.executed_at IS 'When that began.';
COMMENT ON COLUMN allocation_plans.ended_at IS 'When it was executed, cancelled or failed.';
COMMENT ON COLUMN allocation_plans.reason IS 'Why it was returned or cancelled.';
COMMENT ON COLUMN allocation_plans.error IS 'Why it failed: code and title.';
COMMENT ON COLUMN allocation_plans.version IS 'Raised by every step.';
COMMENT ON COLUMN allocation_plans.updated_at IS 'When it last changed.';

CREATE TABLE allocation_lines (
    id uuid PRIMARY KEY,
    plan_id uuid NOT NULL REFERENCES allocation_plans (id),
    problem_id uuid NOT NULL REFERENCES problems (id),
    household_id uuid NOT NULL REFERENCES households (id),
    individual_id uuid REFERENCES individuals (id),
    region_code text NOT NULL COLLATE "C",
    need_code text NOT NULL,
    severity text NOT NULL,
    program_id uuid NOT NULL REFERENCES programs (id),
    cycle_id uuid NOT NULL REFERENCES program_cycles (id),
    funding_source_id uuid REFERENCES funding_sources (id),
    amount_idr bigint NOT NULL CHECK (amount_idr >= 0),
    tier smallint NOT NULL CHECK (tier BETWEEN 0 AND 2),
    rank integer NOT NULL CHECK (rank > 0),
    score bigint NOT NULL CHECK (score >= 0),
    points smallint[] NOT NULL CHECK (cardinality(points) = 4),
    status text NOT NULL DEFAULT 'planned' CHECK (status IN ('planned', 'sent', 'skipped', 'cancelled')),
    referral_id uuid UNIQUE REFERENCES referrals (id),
    skipped_code text,
    replaces_id uuid UNIQUE REFERENCES allocation_lines (id),
    ended_at timestamptz,
    CONSTRAINT allocation_lines_once UNIQUE (plan_id, problem_id),
    CONSTRAINT allocation_lines_end CHECK ((status = 'sent') = (referral_id IS NOT NULL) AND (status = 'skipped') = (skipped_code IS NOT NULL) AND (status = 'planned') = (ended_at IS NULL))
);
CREATE INDEX allocation_lines_order ON allocation_lines (plan_id, rank, id);
CREATE INDEX allocation_lines_planned ON allocation_lines (plan_id, rank, id) WHERE status = 'planned';
CREATE INDEX allocation_lines_household ON allocation_lines (plan_id, household_id);
CREATE INDEX allocation_lines_problem ON allocation_lines (problem_id);
COMMENT ON TABLE allocation_lines IS 'What a plan gives to whom, out of which money, and what became of it: a referral, or the code of why not.';
COMMENT ON COLUMN allocation_lines.id IS 'UUIDv7.';
COMMENT ON COLUMN allocation_lines.plan_id IS 'The plan; decides who sees the row.';
COMMENT ON COLUMN allocation_lines.problem_id IS 'The need; one line a need and plan.';
COMMENT ON COLUMN allocation_lines.household_id IS 'Its household.';
COMMENT ON COLUMN allocation_lines.individual_id IS 'Its person, where it is one''s own need.';
COMMENT ON COLUMN allocation_lines.region_code IS 'Kelurahan when the input was frozen.';
COMMENT ON COLUMN allocation_lines.need_code IS 'Need.';
COMMENT ON COLUMN allocation_lines.severity IS 'Urgency when the input was frozen.';
COMMENT ON COLUMN allocation_lines.program_id IS 'What is given.';
COMMENT ON COLUMN allocation_lines.cycle_id IS 'Whose seat.';
COMMENT ON COLUMN allocation_lines.funding_source_id IS 'Whose money; null where it costs none.';
COMMENT ON COLUMN allocation_lines.amount_idr IS 'Rupiah.';
COMMENT ON COLUMN allocation_lines.tier IS '0 emergencies, 1 duties of minimum service, 2 the rest.';
COMMENT ON COLUMN allocation_lines.rank IS 'Place among all needs of the plan.';
COMMENT ON COLUMN allocation_lines.score IS 'Weight of the need, in millionths of a point.';
COMMENT ON COLUMN allocation_lines.points IS 'Severity, decile, vulnerability and waiting, 0 to 1000 each.';
COMMENT ON COLUMN allocation_lines.status IS 'planned, sent, skipped or cancelled.';
COMMENT ON COLUMN allocation_lines.referral_id IS 'The referral that was sent.';
COMMENT ON COLUMN allocation_lines.skipped_code IS 'Why it was not.';
COMMENT ON COLUMN allocation_lines.replaces_id IS 'The line whose seat and money it takes, where that one was skipped.';
COMMENT ON COLUMN allocation_lines.ended_at IS 'When it was sent, skipped or cancelled.';

CREATE TABLE allocation_left_out (
    id uuid PRIMARY KEY,
    plan_id uuid NOT NULL REFERENCES allocation_plans (id),
    problem_id uuid NOT NULL REFERENCES problems (id),
    household_id uuid NOT NULL REFERENCES households (id),
    individual_id uuid REFERENCES individuals (id),
    region_code text NOT NULL COLLATE "C",
    need_code text NOT NULL,
    severity text NOT NULL,
    tier smallint NOT NULL CHECK (tier BETWEEN 0 AND 2),
    rank integer NOT NULL CHECK (rank > 0),
    score bigint NOT NULL CHECK (score >= 0),
    points smallint[] NOT NULL CHECK (cardinality(points) = 4),
    reason text NOT NULL CHECK (reason IN ('no_program', 'ask_first', 'no_source', 'no_seat', 'no_money', 'others_first', 'class_held', 'household_cap')),
    program_id uuid REFERENCES programs (id),
    candidates uuid[] NOT NULL DEFAULT '{}',
    promoted_at timestamptz,
    CONSTRAINT allocation_left_out_once UNIQUE (plan_id, problem_id)
);
CREATE INDEX allocation_left_out_order ON allocation_left_out (plan_id, rank, id);
CREATE INDEX allocation_left_out_problem ON allocation_left_out (problem_id);
COMMENT ON TABLE allocation_left_out IS 'Needs a plan gives nothing, and why; in this order they take the place of lines that cannot be sent.';
COMMENT ON COLUMN allocation_left_out.id IS 'UUIDv7.';
COMMENT ON COLUMN allocation_left_out.plan_id IS 'The plan; decides who sees the row.';
COMMENT ON COLUMN allocation_left_out.problem_id IS 'The need.';
COMMENT ON COLUMN allocation_left_out.household_id IS 'Its household.';
COMMENT ON COLUMN allocation_left_out.individual_id IS 'Its person, where it is one''s own need.';
COMMENT ON COLUMN allocation_left_out.region_code IS 'Kelurahan when the input was frozen.';
COMMENT ON COLUMN allocation_left_out.need_code IS 'Need.';
COMMENT ON COLUMN allocation_left_out.severity IS 'Urgency when the input was frozen.';
COMMENT ON COLUMN allocation_left_out.tier IS '0 emergencies, 1 duties of minimum service, 2 the rest.';
COMMENT ON COLUMN allocation_left_out.rank IS 'Place among all needs of the plan.';
COMMENT ON COLUMN allocation_left_out.score IS 'Weight of the need, in millionths of a point.';
COMMENT ON COLUMN allocation_left_out.points IS 'Severity, decile, vulnerability and waiting, 0 to 1000 each.';
COMMENT ON COLUMN allocation_left_out.reason IS 'Why it got nothing.';
COMMENT ON COLUMN allocation_left_out.program_id IS 'The program that came closest.';
COMMENT ON COLUMN allocation_left_out.candidates IS 'Cycles that could serve it.';
COMMENT ON COLUMN allocation_left_out.promoted_at IS 'When it became a line in the place of another.';
