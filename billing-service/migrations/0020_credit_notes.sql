-- Credit notes, what they took of each invoice line, the account credit that was used on invoices, and refunds of it.
ALTER TABLE billing_accounts ADD COLUMN next_credit_note_sequence BIGINT NOT NULL DEFAULT 1;

-- credited_micros: what credit notes closed while it was due; what they took of a paid invoice became credit.
ALTER TABLE invoices
  ADD COLUMN credited_micros BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN credit_note_count BIGINT NOT NULL DEFAULT 0;

ALTER TABLE invoice_lines ADD COLUMN tax_micros BIGINT NOT NULL DEFAULT 0;

-- The total is applied_micros, which closed what was due on the invoice, and credited_micros, which became credit.
CREATE TABLE credit_notes (
  account_id BINARY(16) NOT NULL,
  credit_note_id BINARY(16) NOT NULL,
  sequence BIGINT NOT NULL,
  credit_note_number VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  invoice_id BINARY(16) NOT NULL,
  voids_invoice TINYINT NOT NULL,
  reason VARCHAR(500) NOT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  net_micros BIGINT NOT NULL,
  tax_micros BIGINT NOT NULL,
  applied_micros BIGINT NOT NULL,
  credited_micros BIGINT NOT NULL,
  issue_date DATE NOT NULL,
  create_time DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, credit_note_id),
  UNIQUE KEY credit_notes_by_sequence (account_id, sequence)
);

-- By invoice, because whoever credits, pays or reopens one needs all that was taken of it. credit_start_date and
-- credit_end_date: the service days that are credited; NULL: an amount of the whole line.
CREATE TABLE credit_note_lines (
  account_id BINARY(16) NOT NULL,
  invoice_id BINARY(16) NOT NULL,
  sequence BIGINT NOT NULL,
  line INT NOT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  net_micros BIGINT NOT NULL,
  tax_micros BIGINT NOT NULL,
  credit_start_date DATE NULL,
  credit_end_date DATE NULL,
  PRIMARY KEY (account_id, invoice_id, sequence, line)
);

-- Account credit used on invoices, in the order of the account's versions. undone_micros: taken back by a reversed
-- payment.
CREATE TABLE credit_uses (
  account_id BINARY(16) NOT NULL,
  account_version BIGINT NOT NULL,
  invoice_id BINARY(16) NOT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount_micros BIGINT NOT NULL,
  undone_micros BIGINT NOT NULL,
  PRIMARY KEY (account_id, account_version, invoice_id)
);

-- Credit that left for the bank.
CREATE TABLE refunds (
  account_id BINARY(16) NOT NULL,
  refund_id BINARY(16) NOT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount_micros BIGINT NOT NULL,
  bank_reference VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason VARCHAR(500) NOT NULL,
  refund_date DATE NOT NULL,
  create_time DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, refund_id),
  KEY refunds_by_time (account_id, create_time, refund_id)
);
