-- The keys of the partners' programs, and what each partner may sell.

-- key_id stands in the key itself and is the beginning of api_key_id; of the secret only its SHA-256 is kept. Live keys
-- (neither revoked nor expired) are counted under a lock on the partner's row, so there are two at most.
CREATE TABLE api_keys (
  partner_id BINARY(16) NOT NULL,
  api_key_id BINARY(16) NOT NULL,
  key_id BINARY(8) NOT NULL,
  secret_sha256 BINARY(32) NOT NULL,
  display_name VARCHAR(200) NOT NULL,
  expire_time DATETIME(6) NULL,
  revoke_time DATETIME(6) NULL,
  -- Written at most once a minute, outside of any version.
  last_use_time DATETIME(6) NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  PRIMARY KEY (partner_id, api_key_id),
  UNIQUE KEY api_keys_by_key_id (partner_id, key_id)
);

-- product is the id of an offer, or '-' for all. Periods exclude end_time; they may overlap.
CREATE TABLE authorizations (
  partner_id BINARY(16) NOT NULL,
  authorization_id BINARY(16) NOT NULL,
  product VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  start_time DATETIME(6) NOT NULL,
  end_time DATETIME(6) NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  PRIMARY KEY (partner_id, authorization_id),
  KEY authorizations_by_product (partner_id, product)
);
