-- Codes by which a customer lets another partner ask for a subscription. transfer_code_id is a digest of the code, which
-- is kept nowhere. A row changes once: when the order that used the code is activated.
CREATE TABLE transfer_codes (
  account_id BINARY(16) NOT NULL,
  transfer_code_id BINARY(16) NOT NULL,
  subscription_id BINARY(16) NOT NULL,
  create_time DATETIME(6) NOT NULL,
  expire_time DATETIME(6) NOT NULL,
  partner_id BINARY(16) NULL,
  order_id BINARY(16) NULL,
  use_time DATETIME(6) NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (account_id, transfer_code_id),
  KEY transfer_codes_by_time (account_id, create_time, transfer_code_id),
  -- Whoever was given a code knows no account.
  UNIQUE KEY transfer_codes_by_id (transfer_code_id)
);
