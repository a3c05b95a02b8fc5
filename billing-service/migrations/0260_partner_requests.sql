-- What customers ask of another partner: to become partner of record. Numbered per subscription, from 1; only the newest
-- can wait. A row changes once: when it is accepted, declined or withdrawn.
CREATE TABLE partner_requests (
  account_id BINARY(16) NOT NULL,
  partner_request_id BINARY(16) NOT NULL,
  subscription_id BINARY(16) NOT NULL,
  number BIGINT NOT NULL,
  partner_id BINARY(16) NOT NULL,
  partner_display_name VARCHAR(200) NOT NULL,
  old_partner_id BINARY(16) NULL,
  offer_title VARCHAR(200) NOT NULL,
  quantity BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  expire_time DATETIME(6) NOT NULL,
  state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  end_time DATETIME(6) NULL,
  effective_date DATE NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (account_id, partner_request_id),
  UNIQUE KEY partner_requests_by_subscription (account_id, subscription_id, number),
  KEY partner_requests_by_account (account_id, create_time, partner_request_id),
  KEY partner_requests_by_time (create_time, partner_request_id),
  -- The partner that was asked knows no account.
  KEY partner_requests_by_partner (partner_id, state, create_time, partner_request_id)
);
