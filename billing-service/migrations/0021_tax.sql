-- Tax: the versions of each region's rate, what each line was taxed by, and the buyers' standing.
CREATE TABLE tax_rates (
  tax_rate_id BINARY(16) NOT NULL,
  region_code CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  effective_date DATE NOT NULL,
  rate_ppm BIGINT NOT NULL,
  rounding VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  tax_date VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reverse_charge TINYINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  PRIMARY KEY (tax_rate_id),
  UNIQUE KEY tax_rates_by_region (region_code, effective_date),
  KEY tax_rates_by_time (create_time, tax_rate_id)
);

-- tax_validation_date NULL: the id was not validated. tax_exemption: why no tax is due; empty: it is.
ALTER TABLE billing_accounts
  ADD COLUMN tax_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD COLUMN tax_validation_date DATE NULL,
  ADD COLUMN tax_exemption VARCHAR(200) NOT NULL DEFAULT '';

-- tax_region: whose tax_payable it is; empty for an invoice without tax.
ALTER TABLE invoices ADD COLUMN tax_region VARCHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '';

ALTER TABLE invoice_lines
  ADD COLUMN tax_rate_ppm BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN tax_treatment VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'UNTAXED';
