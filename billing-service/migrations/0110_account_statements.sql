-- Statements of a ledger account are read along keys that begin with what is asked for and go on with the day.
ALTER TABLE ledger_entries
  ADD COLUMN post_date DATE NOT NULL DEFAULT '1970-01-01';

UPDATE ledger_entries e JOIN ledger_transactions t ON t.tenant_id = e.tenant_id AND t.transaction_id = e.transaction_id
SET e.post_date = t.post_date;

-- Over all tenants. The transaction's day stands here once more, because an index is of one table.
ALTER TABLE ledger_entries
  ADD KEY ledger_entries_by_account (account, currency, post_date, tenant_id, transaction_id);

-- Of one tenant.
ALTER TABLE ledger_transactions
  ADD KEY ledger_transactions_by_day (tenant_id, post_date, transaction_id);

-- What was posted for one tenant on each account of the ledger, by month, so that its balance on a day takes the months
-- before and the transactions of one month. The worker that adds to posted_sums adds to it in the same commit.
CREATE TABLE tenant_sums (
  tenant_id BINARY(16) NOT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  account VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  start_date DATE NOT NULL,
  debit_micros BIGINT NOT NULL,
  credit_micros BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, currency, account, start_date)
);

INSERT INTO tenant_sums (tenant_id, currency, account, start_date, debit_micros, credit_micros)
SELECT t.tenant_id, e.currency, e.account, DATE_SUB(t.post_date, INTERVAL DAYOFMONTH(t.post_date) - 1 DAY) AS first_day,
  SUM(e.debit_micros), SUM(e.credit_micros)
FROM ledger_transactions t JOIN ledger_entries e ON e.tenant_id = t.tenant_id AND e.transaction_id = t.transaction_id
WHERE t.unsummed_bucket IS NULL
GROUP BY t.tenant_id, e.currency, e.account, first_day;
