-- A receipt is identified by receiving bank account, booking date, reference and line; its payer may be unknown; it can
-- be allocated again and reversed. allocation: the version at which it was allocated, 0 while it is not; the payment's
-- id derives from it.
ALTER TABLE bank_receipts
  MODIFY COLUMN account_id BINARY(16) NULL,
  ADD COLUMN receiving_bank_account VARCHAR(34) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD COLUMN booking_date DATE NOT NULL DEFAULT '2000-01-01',
  ADD COLUMN line INT NOT NULL DEFAULT 0,
  ADD COLUMN state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'ALLOCATED',
  ADD COLUMN allocation BIGINT NOT NULL DEFAULT 1,
  ADD COLUMN version BIGINT NOT NULL DEFAULT 1,
  ADD KEY bank_receipts_by_time (create_time, receipt_id),
  ADD KEY bank_receipts_by_state (state, create_time, receipt_id);

ALTER TABLE bank_receipt_references
  ADD COLUMN receiving_bank_account VARCHAR(34) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD COLUMN booking_date DATE NOT NULL DEFAULT '2000-01-01',
  ADD COLUMN line INT NOT NULL DEFAULT 0,
  DROP PRIMARY KEY,
  ADD PRIMARY KEY (external_reference, receiving_bank_account, booking_date, line);
