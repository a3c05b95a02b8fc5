-- The order whose customer typed the billing contact, until somebody proves to read its mail, or another way changes it:
-- as long, that customer may correct it. NULL in accounts of before: nobody knows whether theirs was proved.
ALTER TABLE billing_accounts
  ADD COLUMN contact_partner_id BINARY(16) NULL,
  ADD COLUMN contact_order_id BINARY(16) NULL;
