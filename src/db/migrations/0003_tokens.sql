-- Who may use the API (AUTH). Of a token's text there is only its SHA-256; id is the part of the
-- text that it is looked up by. A row that is deleted is a token revoked.
CREATE TABLE photodrop_tokens (
  id text PRIMARY KEY,
  name text NOT NULL UNIQUE,
  sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
  scopes text[] NOT NULL
    CHECK (cardinality(scopes) > 0 AND scopes <@ ARRAY['upload', 'read', 'delete']),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz
);
