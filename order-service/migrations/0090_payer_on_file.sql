-- 1: at the last Submit billing-service had the account that is billed, so its customer is not asked who pays.
ALTER TABLE orders ADD COLUMN payer_on_file TINYINT NOT NULL DEFAULT 0;
