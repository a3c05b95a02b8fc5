-- Links that should have ended by now, in the order of their time. Across tenants: a server that shards asks every shard.
CREATE INDEX links_by_expiry ON links (state, expire_time);
