-- Thumbnails of photos, by how many pixels they are wide and high at most. A row is there before its
-- object is, and until the photo's own row goes. pending until lease_until: somebody makes it; failed
-- until then: it is not tried again.
CREATE TABLE photodrop_thumbnails (
  photo bigint NOT NULL REFERENCES photos ON DELETE CASCADE,
  box integer NOT NULL CHECK (box > 0),
  state text NOT NULL CHECK (state IN ('pending', 'stored', 'failed')),
  lease_until timestamptz,
  PRIMARY KEY (photo, box),
  CHECK (state = 'stored' OR lease_until IS NOT NULL)
);
