-- Billing runs. The tenant of a run is the run itself.

CREATE TABLE billing_runs (
  run_id BINARY(16) NOT NULL,
  bill_date DATE NOT NULL,
  reason VARCHAR(500) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  PRIMARY KEY (run_id),
  KEY billing_runs_by_time (create_time, run_id)
);

-- A run's share in each bucket. The replica that holds the bucket works on it.
CREATE TABLE billing_run_shares (
  run_id BINARY(16) NOT NULL,
  bucket SMALLINT NOT NULL,
  bill_date DATE NOT NULL,
  state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  account_count BIGINT NOT NULL,
  subscription_count BIGINT NOT NULL,
  invoice_count BIGINT NOT NULL,
  parked_count BIGINT NOT NULL,
  version BIGINT NOT NULL,
  update_time DATETIME(6) NOT NULL,
  PRIMARY KEY (run_id, bucket),
  KEY billing_run_shares_open (bucket, state)
);

-- The natural key of a line, "bill:{subscription}:{period start}": no days of a tranche are ever invoiced twice.
ALTER TABLE invoice_lines
  ADD UNIQUE KEY invoice_lines_by_period (account_id, subscription_id, tranche, service_start_date);
