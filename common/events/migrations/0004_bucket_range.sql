-- A row in a bucket that does not exist would be in no chain, and no chain could vouch for it.
ALTER TABLE events ADD CONSTRAINT events_bucket_range CHECK (bucket BETWEEN 0 AND 63);
