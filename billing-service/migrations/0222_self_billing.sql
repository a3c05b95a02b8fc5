-- That the vendor issues a partner's invoice for its fees, with the partner's tax, from a day on; ended: no longer.
-- Insert-only. Tenant: the partner.
CREATE TABLE self_billing_agreements (
  partner_id BINARY(16) NOT NULL,
  agreement_id BINARY(16) NOT NULL,
  effective_date DATE NOT NULL,
  ended TINYINT NOT NULL,
  region VARCHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  tax_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  create_time DATETIME(6) NOT NULL,
  PRIMARY KEY (partner_id, agreement_id),
  UNIQUE KEY self_billing_agreements_by_date (partner_id, effective_date),
  KEY self_billing_agreements_by_time (partner_id, create_time, agreement_id)
);

-- The partner's tax on the total, by which agreement, its region and id (NULL and empty: none was agreed).
ALTER TABLE payouts
  ADD COLUMN tax_micros BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN tax_rate_ppm BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN tax_region VARCHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD COLUMN tax_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD COLUMN self_billing_agreement_id BINARY(16) NULL;
