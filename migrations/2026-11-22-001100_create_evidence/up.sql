SET lock_timeout = '5s';

CREATE TABLE evidence (
    id uuid PRIMARY KEY,
    subject_kind text NOT NULL CHECK (subject_kind IN ('problem', 'delivery', 'assessment', 'correction')),
    subject_id uuid NOT NULL,
    household_id uuid NOT NULL REFERENCES households (id),
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    media_type text NOT NULL CHECK (media_type IN ('image/jpeg', 'image/png', 'application/pdf')),
    bytes bigint NOT NULL CHECK (bytes > 0),
    width integer CHECK (width > 0),
    height integer CHECK (height > 0),
    name text NOT NULL CHECK (length(name) <= 120),
    caption text CHECK (length(caption) <= 500),
    uploaded_by uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    removed_at timestamptz,
    removed_by uuid,
    CONSTRAINT evidence_picture CHECK ((width IS NULL) = (height IS NULL) AND (width IS NULL) = (media_type = 'application/pdf')),
    CONSTRAINT evidence_removal CHECK ((removed_at IS NULL) = (removed_by IS NULL))
);
CREATE INDEX evidence_subject ON evidence (subject_id, id) WHERE removed_at IS NULL;
CREATE INDEX evidence_sha256 ON evidence (sha256) WHERE removed_at IS NULL;
CREATE INDEX evidence_household ON evidence (household_id);
COMMENT ON TABLE evidence IS 'Photographs and papers that show what a record says. The files lie in the evidence store by their checksum; who sees the subject sees them.';
COMMENT ON COLUMN evidence.id IS 'UUIDv7.';
COMMENT ON COLUMN evidence.subject_kind IS 'What the file belongs to; its scope and label decide who sees the file.';
COMMENT ON COLUMN evidence.subject_id IS 'Id of the subject.';
COMMENT ON COLUMN evidence.household_id IS 'Household of the subject, for its access log.';
COMMENT ON COLUMN evidence.sha256 IS 'Checksum of the file as kept, in lower-case hexadecimal: its name in the store.';
COMMENT ON COLUMN evidence.media_type IS 'What the bytes are, not what the sender said.';
COMMENT ON COLUMN evidence.bytes IS 'Size of the file as kept.';
COMMENT ON COLUMN evidence.width IS 'Width of a picture in pixels; null for a PDF.';
COMMENT ON COLUMN evidence.height IS 'Height of a picture in pixels; null for a PDF.';
COMMENT ON COLUMN evidence.name IS '[personal] Last part of the name it was sent under, for people only; never used as a path.';
COMMENT ON COLUMN evidence.caption IS '[personal] What it shows, in the words of who sent it.';
COMMENT ON COLUMN evidence.uploaded_by IS 'Account that sent it; it alone may take it back.';
COMMENT ON COLUMN evidence.created_at IS 'When it was sent.';
COMMENT ON COLUMN evidence.removed_at IS 'When it was taken back; the row stays, the file goes with its last row.';
COMMENT ON COLUMN evidence.removed_by IS 'Who took it back.';
