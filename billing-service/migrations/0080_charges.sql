-- How an account's invoices are paid. payment_token: the payment processor's name of a card or account, never a number
-- of one; empty for a bank transfer.
ALTER TABLE billing_accounts
  ADD COLUMN payment_method VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'BANK_TRANSFER',
  ADD COLUMN payment_token VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '';

-- Every attempt to charge an invoice, for ever: written before the processor is asked. charge_id derives from account,
-- invoice and attempt, and is the idempotency key. bucket is the account's. next_date: no other attempt for the invoice
-- with the same token before it.
CREATE TABLE charges (
  account_id BINARY(16) NOT NULL,
  charge_id BINARY(16) NOT NULL,
  invoice_id BINARY(16) NOT NULL,
  attempt INT NOT NULL,
  bucket SMALLINT NOT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount_micros BIGINT NOT NULL,
  payment_token VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  create_time DATETIME(6) NOT NULL,
  state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  decline_reason VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  processor_reference VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  payment_id BINARY(16) NULL,
  next_date DATE NOT NULL,
  version BIGINT NOT NULL,
  update_time DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, charge_id),
  UNIQUE KEY charges_by_attempt (account_id, invoice_id, attempt),
  KEY charges_by_account (account_id, create_time, charge_id),
  KEY charges_by_time (create_time, charge_id),
  KEY charges_by_state (bucket, state, account_id)
);

-- A payment comes from a bank receipt or from a charge.
ALTER TABLE payments
  MODIFY COLUMN receipt_id BINARY(16) NULL,
  ADD COLUMN charge_id BINARY(16) NULL;
