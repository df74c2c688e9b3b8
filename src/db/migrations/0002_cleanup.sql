-- A request that carries an Idempotency-Key may be repeated: no two photos share a key. It is
-- forgotten after a day, which the second index finds.
ALTER TABLE photos ADD COLUMN idempotency_key text;
CREATE UNIQUE INDEX photos_idempotency_key ON photos (idempotency_key)
  WHERE idempotency_key IS NOT NULL;
CREATE INDEX photos_idempotency_age ON photos (created_at) WHERE idempotency_key IS NOT NULL;

-- A tombstone is a row whose object was deleted. It stays for a day, because a write that timed
-- out may land after the deletion. What is not stored is due for cleaning up at lease_until.
ALTER TABLE photos
  DROP CONSTRAINT photos_state_check,
  DROP CONSTRAINT photos_pending_has_lease;
UPDATE photos SET lease_until = now() WHERE state <> 'stored' AND lease_until IS NULL;
ALTER TABLE photos
  ADD CONSTRAINT photos_state_check
    CHECK (state IN ('pending', 'stored', 'deleting', 'tombstone')),
  ADD CONSTRAINT photos_unsettled_has_lease CHECK (state = 'stored' OR lease_until IS NOT NULL);

-- In the order of the bucket's own list: fsck walks both side by side.
CREATE INDEX photos_by_name ON photos (photo_name COLLATE "C");
