-- What partners are paid by, as versions that an operator publishes: per currency the least total that is paid out and
-- the part that is withheld from a payee without a tax form. Small, of no tenant, insert-only.
CREATE TABLE payout_terms (
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  effective_date DATE NOT NULL,
  minimum_micros BIGINT NOT NULL,
  withholding_basis_points INT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  PRIMARY KEY (currency, effective_date)
);

INSERT INTO payout_terms (currency, effective_date, minimum_micros, withholding_basis_points, create_time) VALUES
  ('USD', '2009-01-01', 50000000, 2800, '2009-01-01 00:00:00'),
  ('JPY', '2009-01-01', 5000000000, 0, '2009-01-01 00:00:00'),
  ('KWD', '2009-01-01', 15000000, 0, '2009-01-01 00:00:00');

-- A partner's calendar quarter in one currency. number counts the partner's statements of that currency; first_number
-- is the oldest whose total was carried into this one.
CREATE TABLE statements (
  partner_id BINARY(16) NOT NULL,
  statement_id BINARY(16) NOT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  number BIGINT NOT NULL,
  first_number BIGINT NOT NULL,
  period_start_date DATE NOT NULL,
  period_end_date DATE NOT NULL,
  carried_in_micros BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  disposition VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL,
  line_count BIGINT NOT NULL,
  accrued_micros BIGINT NOT NULL,
  minimum_micros BIGINT NOT NULL,
  is_final TINYINT NOT NULL,
  close_time DATETIME(6) NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (partner_id, statement_id),
  UNIQUE KEY statements_by_number (partner_id, currency, number),
  KEY statements_by_time (partner_id, create_time, statement_id)
);

-- The entries that a statement covers, each on one statement only. What a line says beyond its entry is frozen here.
CREATE TABLE statement_lines (
  partner_id BINARY(16) NOT NULL,
  statement_id BINARY(16) NOT NULL,
  line BIGINT NOT NULL,
  fee_id BINARY(16) NOT NULL,
  amount_micros BIGINT NOT NULL,
  order_id BINARY(16) NULL,
  title VARCHAR(200) NOT NULL,
  PRIMARY KEY (partner_id, statement_id, line),
  UNIQUE KEY statement_lines_by_fee (partner_id, fee_id)
);

-- What is paid for a statement, and those whose totals it carries.
CREATE TABLE payouts (
  partner_id BINARY(16) NOT NULL,
  payout_id BINARY(16) NOT NULL,
  statement_id BINARY(16) NOT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  first_number BIGINT NOT NULL,
  last_number BIGINT NOT NULL,
  total_micros BIGINT NOT NULL,
  withheld_micros BIGINT NOT NULL,
  withholding_basis_points INT NOT NULL,
  payee VARCHAR(64) NOT NULL,
  tax_form VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  create_time DATETIME(6) NOT NULL,
  state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  attempt INT NOT NULL,
  bank_reference VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason VARCHAR(500) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (partner_id, payout_id),
  UNIQUE KEY payouts_by_number (partner_id, currency, last_number),
  KEY payouts_by_time (partner_id, create_time, payout_id)
);

-- The bucket of the partner, so that a worker finds what is due bucket by bucket. NULL: of before there were statements;
-- such entries come on the next statement of their partner.
ALTER TABLE fees
  ADD COLUMN bucket SMALLINT NULL,
  ADD KEY fees_by_bucket (bucket, accrue_time, partner_id, currency);
