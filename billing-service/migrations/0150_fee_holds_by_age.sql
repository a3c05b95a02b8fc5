-- The holds of all partners, oldest first, for operators who clear them. Across tenants: a server that shards asks every
-- shard.
CREATE INDEX fee_holds_by_age ON fee_holds (create_time, hold_id);
