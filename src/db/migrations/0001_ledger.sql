-- The lesson's table, made here when its app never ran, and adopted in place when it did.
CREATE TABLE IF NOT EXISTS photos (
  id bigserial PRIMARY KEY,
  photo_name varchar NOT NULL
);

-- The lesson's ids are 32 bits wide.
ALTER TABLE photos ALTER COLUMN id TYPE bigint;
ALTER SEQUENCE photos_id_seq AS bigint;

-- The ledger. A row that names no state was written by the lesson's app, which inserts it only
-- after its upload: it is stored. Where nothing is known of such a photo there is NULL.
ALTER TABLE photos
  ADD COLUMN state text NOT NULL DEFAULT 'stored'
    CHECK (state IN ('pending', 'stored', 'deleting')),
  ADD COLUMN filename text,
  ADD COLUMN content_type text,
  ADD COLUMN size bigint CHECK (size > 0),
  ADD COLUMN width integer CHECK (width > 0),
  ADD COLUMN height integer CHECK (height > 0),
  ADD COLUMN sha256 bytea CHECK (octet_length(sha256) = 32),
  ADD COLUMN created_at timestamptz,
  ADD COLUMN lease_until timestamptz,
  ADD CONSTRAINT photos_pending_has_lease CHECK (state <> 'pending' OR lease_until IS NOT NULL);

-- Lists read stored rows by id; the reaper reads the few that are not stored.
CREATE INDEX photos_stored ON photos (id) WHERE state = 'stored';
CREATE INDEX photos_unsettled ON photos (lease_until) WHERE state <> 'stored';
