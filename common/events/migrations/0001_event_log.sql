-- What every service's schema has in common: the event log and what works on it, the stored replies.
-- A tenant belongs to one of 64 buckets for ever (bucket = first byte of SHA-256(tenant_id), modulo 64); a server that
-- shards does so by bucket, so a statement that names a bucket stays on one shard.

-- Every committed change leaves its events here: audit record, feed and outbox in one. Insert-only, but for position
-- and seal, which the sealer sets once. The unique position keeps the chain whole even when two sealers meet.
CREATE TABLE events (
  tenant_id BINARY(16) NOT NULL,
  aggregate_id BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  bucket SMALLINT NOT NULL,
  type VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  actor VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  on_behalf_of VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason VARCHAR(500) NOT NULL,
  request_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  create_time DATETIME(6) NOT NULL,
  payload VARBINARY(16384) NOT NULL,
  digest BINARY(32) NOT NULL,
  position BIGINT NULL,
  seal BINARY(32) NULL,
  PRIMARY KEY (tenant_id, aggregate_id, version),
  UNIQUE KEY events_by_position (bucket, position)
);

-- The reply of every mutation, byte for byte, under its request_id.
CREATE TABLE stored_replies (
  tenant_id BINARY(16) NOT NULL,
  caller VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  method VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  request_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  request_hash BINARY(32) NOT NULL,
  reply MEDIUMBLOB NOT NULL,
  sealed TINYINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  PRIMARY KEY (tenant_id, caller, method, request_id),
  KEY stored_replies_by_age (create_time)
);

-- Which replica works on which bucket. epoch grows with every change of hands; lease_until is by the database's clock.
CREATE TABLE leases (
  bucket SMALLINT NOT NULL,
  owner VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  epoch BIGINT NOT NULL,
  lease_until DATETIME(6) NOT NULL,
  PRIMARY KEY (bucket)
);

-- The replicas that are alive, so that each takes its share of the buckets.
CREATE TABLE lease_owners (
  owner VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  seen_until DATETIME(6) NOT NULL,
  PRIMARY KEY (owner)
);

-- How far each consumer of the log has come in each bucket.
CREATE TABLE cursors (
  bucket SMALLINT NOT NULL,
  consumer VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  position BIGINT NOT NULL,
  PRIMARY KEY (bucket, consumer)
);

-- An aggregate whose delivery to a consumer failed: its events from `version` on wait here while all others go on.
-- parked = 1: refused for good, only an operator's RetryDelivery tries again. parked = 0: tried again at next_attempt.
CREATE TABLE held_deliveries (
  tenant_id BINARY(16) NOT NULL,
  aggregate_id BINARY(16) NOT NULL,
  consumer VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  bucket SMALLINT NOT NULL,
  version BIGINT NOT NULL,
  parked TINYINT NOT NULL,
  attempts INT NOT NULL,
  next_attempt DATETIME(6) NOT NULL,
  last_error VARCHAR(1000) NOT NULL,
  PRIMARY KEY (tenant_id, aggregate_id, consumer),
  KEY held_deliveries_due (bucket, consumer, parked, next_attempt)
);
