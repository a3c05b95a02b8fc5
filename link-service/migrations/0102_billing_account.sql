-- The account that pays, so that the page need not ask order-service for it. NULL: it asks. Links of before have none.
ALTER TABLE links ADD COLUMN billing_account_id BINARY(16) NULL;
