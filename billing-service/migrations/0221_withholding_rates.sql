-- Which part of a payout is withheld, by the payee's country, the kind of its tax form (empty: none on file) and day. Small,
-- of no tenant, insert-only.
CREATE TABLE withholding_rates (
  withholding_rate_id BINARY(16) NOT NULL,
  region CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  tax_form VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  effective_date DATE NOT NULL,
  basis_points INT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  PRIMARY KEY (withholding_rate_id),
  UNIQUE KEY withholding_rates_by_region (region, tax_form, effective_date),
  KEY withholding_rates_by_time (create_time, withholding_rate_id)
);

-- The payee's country when the payout was made (empty: not known), and the rate that was applied (NULL: that of the payout
-- terms).
ALTER TABLE payouts
  ADD COLUMN region VARCHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD COLUMN withholding_rate_id BINARY(16) NULL;
