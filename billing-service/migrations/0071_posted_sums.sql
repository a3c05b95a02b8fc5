-- What was posted on each account of the ledger, by day and by month, so that a report reads sums and not every entry. A
-- worker adds to them, bucket by bucket. span DAY or MONTH; start_date: its first day.
CREATE TABLE posted_sums (
  bucket SMALLINT NOT NULL,
  span VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  start_date DATE NOT NULL,
  account VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  debit_micros BIGINT NOT NULL,
  credit_micros BIGINT NOT NULL,
  PRIMARY KEY (bucket, span, currency, start_date, account)
);

-- The tenant's bucket while the transaction is not in posted_sums yet, NULL afterwards: the one column of the ledger that
-- changes.
ALTER TABLE ledger_transactions
  ADD COLUMN unsummed_bucket SMALLINT NULL,
  ADD KEY ledger_transactions_unsummed (unsummed_bucket);

UPDATE ledger_transactions SET unsummed_bucket = CONV(LEFT(SHA2(tenant_id, 256), 2), 16, 10) % 64;
