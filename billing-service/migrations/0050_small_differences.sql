-- Up to which difference a payment that falls short still pays its invoice, by currency and day; the rest is bank
-- charges.
CREATE TABLE small_differences (
  small_difference_id BINARY(16) NOT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  effective_date DATE NOT NULL,
  limit_micros BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  PRIMARY KEY (small_difference_id),
  UNIQUE KEY small_differences_by_currency (currency, effective_date),
  KEY small_differences_by_time (create_time, small_difference_id)
);

ALTER TABLE payment_allocations ADD COLUMN bank_charge_micros BIGINT NOT NULL DEFAULT 0;
