-- What an event says beyond its payload: which message the payload is, and what the resource was after the change, as a
-- digest salted per row: SHA-256(salt, the resource's deterministic bytes). The event's own digest covers payload_type
-- and resource_digest, but not the salt, so that the salt can be erased with the personal data it stands for. Events
-- from before have payload_type '' and the digest that they always had.
ALTER TABLE events
  ADD COLUMN payload_type VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD COLUMN resource_digest BINARY(32) NULL,
  ADD COLUMN salt BINARY(16) NULL;
