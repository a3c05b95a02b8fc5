-- The bucket of the partner, so that a worker finds what was HELD, and what a partner that left had CARRIED.
ALTER TABLE statements
  ADD COLUMN bucket SMALLINT NULL,
  ADD KEY statements_by_bucket (bucket, disposition);

UPDATE statements SET bucket = (SELECT MIN(f.bucket) FROM fees f WHERE f.partner_id = statements.partner_id);
