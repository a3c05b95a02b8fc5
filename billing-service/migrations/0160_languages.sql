-- The language in which the customer is written to, and that of invoices of before: BCP 47 tags. Empty: not known, and
-- English.
ALTER TABLE billing_accounts
  ADD COLUMN language_code VARCHAR(35) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '';
ALTER TABLE past_buyers
  ADD COLUMN language_code VARCHAR(35) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '';
