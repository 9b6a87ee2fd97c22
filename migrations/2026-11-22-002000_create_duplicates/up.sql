SET LOCAL lock_timeout = '5s';

-- A merged person is neither alive nor gone: a status of its own keeps him out of whatever asks for the living.
ALTER TABLE individuals DROP CONSTRAINT individuals_life_status_check;
ALTER TABLE individuals ADD CONSTRAINT individuals_life_status_check CHECK (life_status IN ('alive', 'deceased', 'moved', 'merged'));
ALTER TABLE individuals ADD CONSTRAINT individuals_merged CHECK ((life_status = 'merged') = (merged_into IS NOT NULL));
-- A merge moves what is planned; it stops nothing.
DROP TRIGGER individuals_stop_deliveries ON individuals;
CREATE TRIGGER individuals_stop_deliveries AFTER UPDATE OF life_status ON individuals FOR EACH ROW
    WHEN (OLD.life_status = 'alive' AND NEW.life_status NOT IN ('alive', 'merged')) EXECUTE FUNCTION deliveries_follow_life();

CREATE TABLE duplicate_runs (
    id uuid PRIMARY KEY,
    operation_id uuid NOT NULL,
    cause text NOT NULL CHECK (cause IN ('asked', 'changes')),
    threshold double precision NOT NULL CHECK (threshold > 0 AND threshold < 1),
    people integer NOT NULL DEFAULT 0,
    compared bigint NOT NULL DEFAULT 0,
    found integer NOT NULL DEFAULT 0,
    added integer NOT NULL DEFAULT 0,
    gone integer NOT NULL DEFAULT 0,
    clusters integer NOT NULL DEFAULT 0,
    largest_cluster integer NOT NULL DEFAULT 0,
    model jsonb,
    load_ms integer NOT NULL DEFAULT 0,
    link_ms integer NOT NULL DEFAULT 0,
    store_ms integer NOT NULL DEFAULT 0,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz
);
CREATE INDEX duplicate_runs_finished ON duplicate_runs (id) WHERE model IS NOT NULL;
COMMENT ON TABLE duplicate_runs IS 'Passes over the registry that look for people who stand in it twice.';
COMMENT ON COLUMN duplicate_runs.id IS 'UUIDv7.';
COMMENT ON COLUMN duplicate_runs.operation_id IS 'The long work it is done by.';
COMMENT ON COLUMN duplicate_runs.cause IS 'asked for by somebody, or changes since the last one.';
COMMENT ON COLUMN duplicate_runs.threshold IS 'Probability from which a pair is put before a human.';
COMMENT ON COLUMN duplicate_runs.people IS 'People read.';
COMMENT ON COLUMN duplicate_runs.compared IS 'Pairs compared.';
COMMENT ON COLUMN duplicate_runs.found IS 'Pairs above the threshold.';
COMMENT ON COLUMN duplicate_runs.added IS 'Of these, pairs that nobody knew of.';
COMMENT ON COLUMN duplicate_runs.gone IS 'Open pairs of earlier runs that are found no longer.';
COMMENT ON COLUMN duplicate_runs.clusters IS 'Groups of rows taken for one person.';
COMMENT ON COLUMN duplicate_runs.largest_cluster IS 'Rows of the largest group.';
COMMENT ON COLUMN duplicate_runs.model IS 'Weights as estimated, and the shares of words that at least five people bear: what later rows are judged by.';
COMMENT ON COLUMN duplicate_runs.load_ms IS 'Time to read the people.';
COMMENT ON COLUMN duplicate_runs.link_ms IS 'Time to compare them.';
COMMENT ON COLUMN duplicate_runs.store_ms IS 'Time to store the pairs.';
COMMENT ON COLUMN duplicate_runs.created_by IS 'Who asked for it.';
COMMENT ON COLUMN duplicate_runs.created_at IS 'When.';
COMMENT ON COLUMN duplicate_runs.finished_at IS 'When its pairs were stored.';

CREATE TABLE duplicate_candidates (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('person', 'nik', 'household')),
    a_id uuid NOT NULL,
    b_id uuid NOT NULL,
    score double precision NOT NULL CHECK (score BETWEEN 0 AND 1),
    comparison jsonb NOT NULL DEFAULT '[]',
    cluster_id uuid,
    cluster_size integer NOT NULL DEFAULT 2,
    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'later', 'distinct', 'proposed', 'merged', 'gone')),
    run_id uuid REFERENCES duplicate_runs (id),
    entered_by uuid,
    reason text CHECK (length(reason) <= 1000),
    decided_by uuid REFERENCES accounts (id),
    decided_at timestamptz,
    later_until date,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT duplicate_candidates_order CHECK (a_id < b_id),
    CONSTRAINT duplicate_candidates_pair UNIQUE (a_id, b_id),
    CONSTRAINT duplicate_candidates_later CHECK ((status = 'later') = (later_until IS NOT NULL)),
    CONSTRAINT duplicate_candidates_decided CHECK (status NOT IN ('later', 'distinct') OR (decided_by IS NOT NULL AND reason IS NOT NULL))
);
CREATE INDEX duplicate_candidates_status ON duplicate_candidates (status, score DESC, id);
CREATE INDEX duplicate_candidates_score ON duplicate_candidates (score DESC, id);
CREATE INDEX duplicate_candidates_b ON duplicate_candidates (b_id);
COMMENT ON TABLE duplicate_candidates IS 'Pairs of records that may be one: a question to a human. What is found distinct stays so in every later run.';
COMMENT ON COLUMN duplicate_candidates.id IS 'UUIDv7.';
COMMENT ON COLUMN duplicate_candidates.kind IS 'person: alike by comparison; nik: two people with one NIK; household: two households that look like one.';
COMMENT ON COLUMN duplicate_candidates.a_id IS 'Individual or household with the smaller id.';
COMMENT ON COLUMN duplicate_candidates.b_id IS 'Individual or household with the larger id.';
COMMENT ON COLUMN duplicate_candidates.score IS 'Probability that the two are one.';
COMMENT ON COLUMN duplicate_candidates.comparison IS 'Field by field how far they agree and what that weighs; no value of either.';
COMMENT ON COLUMN duplicate_candidates.cluster_id IS 'Smallest id of the group of rows taken for one person.';
COMMENT ON COLUMN duplicate_candidates.cluster_size IS 'Rows of that group.';
COMMENT ON COLUMN duplicate_candidates.status IS 'open, later, distinct, proposed (a merge waits for its second word), merged, gone (found no longer).';
COMMENT ON COLUMN duplicate_candidates.run_id IS 'Run that found it last.';
COMMENT ON COLUMN duplicate_candidates.entered_by IS 'Who entered the newer record, where it was found at entry.';
COMMENT ON COLUMN duplicate_candidates.reason IS '[personal] Why it was decided so.';
COMMENT ON COLUMN duplicate_candidates.decided_by IS 'Who decided.';
COMMENT ON COLUMN duplicate_candidates.decided_at IS 'When.';
COMMENT ON COLUMN duplicate_candidates.later_until IS 'Day from which it is open again.';
COMMENT ON COLUMN duplicate_candidates.version IS 'Raised by every step.';
COMMENT ON COLUMN duplicate_candidates.created_at IS 'When it was first found.';
COMMENT ON COLUMN duplicate_candidates.updated_at IS 'When it last changed.';

CREATE TABLE duplicate_merges (
    id uuid PRIMARY KEY,
    candidate_id uuid NOT NULL REFERENCES duplicate_candidates (id),
    survivor_id uuid NOT NULL,
    merged_id uuid NOT NULL,
    take text[] NOT NULL DEFAULT '{}',
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 1000),
    override_reason text CHECK (length(override_reason) <= 1000),
    status text NOT NULL CHECK (status IN ('proposed', 'rejected', 'done', 'undone')),
    second_word boolean NOT NULL,
    proposed_by uuid NOT NULL REFERENCES accounts (id),
    proposed_at timestamptz NOT NULL DEFAULT now(),
    decided_by uuid REFERENCES accounts (id),
    decided_at timestamptz,
    undone_by uuid REFERENCES accounts (id),
    undone_at timestamptz,
    undo_reason text CHECK (length(undo_reason) <= 1000),
    kept jsonb NOT NULL DEFAULT '[]',
    CONSTRAINT duplicate_merges_two CHECK (survivor_id <> merged_id),
    CONSTRAINT duplicate_merges_four_eyes CHECK (NOT second_word OR status NOT IN ('done', 'undone') OR decided_by <> proposed_by),
    CONSTRAINT duplicate_merges_decided CHECK ((status = 'proposed') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)),
    CONSTRAINT duplicate_merges_undone CHECK ((status = 'undone') = (undone_by IS NOT NULL) AND (undone_by IS NULL) = (undone_at IS NULL))
);
CREATE UNIQUE INDEX duplicate_merges_once ON duplicate_merges (merged_id) WHERE status = 'done';
CREATE UNIQUE INDEX duplicate_merges_proposal ON duplicate_merges (candidate_id) WHERE status = 'proposed';
CREATE INDEX duplicate_merges_candidate ON duplicate_merges (candidate_id, id);
COMMENT ON TABLE duplicate_merges IS 'Merges of two records into one: proposed, done, undone.';
COMMENT ON COLUMN duplicate_merges.id IS 'UUIDv7.';
COMMENT ON COLUMN duplicate_merges.candidate_id IS 'The pair.';
COMMENT ON COLUMN duplicate_merges.survivor_id IS 'The record that stays.';
COMMENT ON COLUMN duplicate_merges.merged_id IS 'The record that points at it from then on.';
COMMENT ON COLUMN duplicate_merges.take IS 'Fields taken from the merged record.';
COMMENT ON COLUMN duplicate_merges.reason IS '[personal] Why the two are one.';
COMMENT ON COLUMN duplicate_merges.override_reason IS '[personal] Why aid of one kind that both hold may stand beside each other.';
COMMENT ON COLUMN duplicate_merges.status IS 'proposed, then rejected or done; done may be undone.';
COMMENT ON COLUMN duplicate_merges.second_word IS 'Whether a second person has to do it.';
COMMENT ON COLUMN duplicate_merges.proposed_by IS 'Who decided that the two are one.';
COMMENT ON COLUMN duplicate_merges.proposed_at IS 'When.';
COMMENT ON COLUMN duplicate_merges.decided_by IS 'Who did it or rejected it.';
COMMENT ON COLUMN duplicate_merges.decided_at IS 'When.';
COMMENT ON COLUMN duplicate_merges.undone_by IS 'Who undid it.';
COMMENT ON COLUMN duplicate_merges.undone_at IS 'When.';
COMMENT ON COLUMN duplicate_merges.undo_reason IS '[personal] Why.';
COMMENT ON COLUMN duplicate_merges.kept IS 'Where the undoing left what had been changed since: kind of record and field, no value.';

CREATE TABLE duplicate_moves (
    merge_id uuid NOT NULL REFERENCES duplicate_merges (id),
    seq integer NOT NULL,
    kind text NOT NULL,
    row_id uuid NOT NULL,
    before jsonb NOT NULL,
    after jsonb NOT NULL,
    PRIMARY KEY (merge_id, seq)
);
COMMENT ON TABLE duplicate_moves IS 'What a merge changed, row by row, so that it can be undone exactly.';
COMMENT ON COLUMN duplicate_moves.merge_id IS 'The merge.';
COMMENT ON COLUMN duplicate_moves.seq IS 'In the order it was done.';
COMMENT ON COLUMN duplicate_moves.kind IS 'Name of the table.';
COMMENT ON COLUMN duplicate_moves.row_id IS 'The row.';
COMMENT ON COLUMN duplicate_moves.before IS '[personal] The columns the merge changed, as they were.';
COMMENT ON COLUMN duplicate_moves.after IS '[personal] The same columns as the merge left them.';
