-- Days from an invoice's date until it is due.
ALTER TABLE billing_accounts ADD COLUMN payment_terms_days SMALLINT NOT NULL DEFAULT 30;
