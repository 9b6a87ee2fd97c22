SET lock_timeout = '5s';

CREATE TABLE saved_views (
    id uuid PRIMARY KEY,
    owner_id uuid NOT NULL REFERENCES accounts (id),
    screen text NOT NULL CHECK (screen ~ '^[a-z][a-z_]{0,39}$'),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    sharing text NOT NULL DEFAULT 'mine' CHECK (sharing IN ('mine', 'team')),
    filter jsonb NOT NULL DEFAULT '{}',
    sort text,
    column_ids text[],
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT saved_views_filter CHECK (jsonb_typeof(filter) = 'object' AND length(filter::text) <= 4000)
);
CREATE UNIQUE INDEX saved_views_name ON saved_views (owner_id, screen, lower(name));
CREATE INDEX saved_views_team ON saved_views (screen) WHERE sharing = 'team';
COMMENT ON TABLE saved_views IS 'Filters, order and columns of a list that an account keeps, for itself or for its team. Impersonal: never a search text.';
COMMENT ON COLUMN saved_views.id IS 'UUIDv7.';
COMMENT ON COLUMN saved_views.owner_id IS 'Whoever made it; alone may change it.';
COMMENT ON COLUMN saved_views.screen IS 'Slug of the list it belongs to.';
COMMENT ON COLUMN saved_views.name IS 'As its owner calls it.';
COMMENT ON COLUMN saved_views.sharing IS 'team: also for accounts that hold the same role for the same area or organization today.';
COMMENT ON COLUMN saved_views.filter IS 'Filter name to code, as the screen''s address has them.';
COMMENT ON COLUMN saved_views.sort IS 'Sort key, with a dash for descending; null is the list''s own order.';
COMMENT ON COLUMN saved_views.column_ids IS 'Columns shown; null is the list''s own choice.';
COMMENT ON COLUMN saved_views.version IS 'Raised by every change.';
COMMENT ON COLUMN saved_views.created_at IS 'When it was made.';
COMMENT ON COLUMN saved_views.updated_at IS 'When it last changed.';
