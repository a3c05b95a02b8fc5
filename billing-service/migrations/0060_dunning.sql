-- The dunning ladder, as versions that an operator publishes. Small, of no tenant, insert-only. rungs: days after the
-- due date and the state that the account then reaches, separated by commas.
CREATE TABLE dunning_ladders (
  ladder_id BINARY(16) NOT NULL,
  effective_date DATE NOT NULL,
  rungs VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  create_time DATETIME(6) NOT NULL,
  PRIMARY KEY (ladder_id),
  UNIQUE KEY dunning_ladders_by_date (effective_date),
  KEY dunning_ladders_by_time (create_time, ladder_id)
);

INSERT INTO dunning_ladders (ladder_id, effective_date, rungs, create_time) VALUES
  (UNHEX('0120646d8b6c7a1e9d0f4d756e6e6901'), '2009-01-01', '7:PAST_DUE,30:SUSPENDED,60:CANCELLED',
   '2009-01-01 00:00:00');

-- Where an account stands. cycle counts how often it began a climb, or went on for another invoice. next_date NULL: look
-- whenever something is overdue. hold_until_date: no rung is climbed before it. It changes with the account's version.
CREATE TABLE dunnings (
  account_id BINARY(16) NOT NULL,
  bucket SMALLINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  cycle BIGINT NOT NULL,
  invoice_id BINARY(16) NULL,
  ladder_id BINARY(16) NULL,
  rung INT NOT NULL,
  rung_date DATE NULL,
  next_date DATE NULL,
  hold_until_date DATE NULL,
  hold_reason VARCHAR(500) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id),
  KEY dunnings_by_state (bucket, state),
  KEY dunnings_by_time (create_time, account_id)
);

-- Every rung that was ever reached, once each: never changed.
CREATE TABLE dunning_rungs (
  account_id BINARY(16) NOT NULL,
  cycle BIGINT NOT NULL,
  rung INT NOT NULL,
  state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  invoice_id BINARY(16) NOT NULL,
  ladder_id BINARY(16) NOT NULL,
  rung_date DATE NOT NULL,
  create_time DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, cycle, rung)
);

-- The bucket of the account, so that a worker finds what is overdue bucket by bucket. Every account that was ever billed
-- has a subscription, which knows it.
ALTER TABLE invoices
  ADD COLUMN bucket SMALLINT NULL,
  ADD KEY invoices_overdue (bucket, state, due_date, account_id);

UPDATE invoices SET bucket = (SELECT MIN(s.bucket) FROM subscriptions s WHERE s.account_id = invoices.account_id);
