-- Who made the event: "key_id:" and the HMAC-SHA-256 of its digest under a key that is not in the database. A row without
-- a good one is never sealed, and VerifyAuditChain reports it.
ALTER TABLE events ADD COLUMN mac VARBINARY(65) NOT NULL DEFAULT '';
