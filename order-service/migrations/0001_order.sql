-- The catalogue: what the vendor sells. The same for every tenant; its own key is the offer.
CREATE TABLE offers (
  offer_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  title VARCHAR(200) NOT NULL,
  description VARCHAR(1000) NOT NULL,
  minimum_quantity BIGINT NOT NULL,
  retired TINYINT NOT NULL,
  PRIMARY KEY (offer_id)
);

-- Versions of an offer's price, one currency each: in force from effective_time until a later one is. Insert-only.
CREATE TABLE prices (
  offer_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  price_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  effective_time DATETIME(6) NOT NULL,
  PRIMARY KEY (offer_id, price_id)
);

-- Per seat and month, from a number of seats on. Insert-only.
CREATE TABLE price_tiers (
  offer_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  price_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  minimum_quantity BIGINT NOT NULL,
  unit_price_micros BIGINT NOT NULL,
  PRIMARY KEY (offer_id, price_id, minimum_quantity)
);

-- Orders with their current revision. The lines are one JSON array [{offer, title, quantity, price, unit_price_micros,
-- amount_micros}]: they are written and read as a whole, never asked for one by one, so an order is one row and one
-- round trip. `subscriptions` are UUIDs with commas between.
CREATE TABLE orders (
  partner_id BINARY(16) NOT NULL,
  order_id BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  bucket SMALLINT NOT NULL,
  order_number CHAR(17) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state_reason VARCHAR(500) NOT NULL,
  revision BIGINT NOT NULL,
  links_made BIGINT NOT NULL,
  kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  customer_id BINARY(16) NOT NULL,
  partner_of_record_id BINARY(16) NOT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  order_lines TEXT NOT NULL,
  total_micros BIGINT NOT NULL,
  billing_period_months SMALLINT NOT NULL,
  term_months SMALLINT NOT NULL,
  requested_start_date DATE NULL,
  partner_reference VARCHAR(64) NOT NULL,
  link_id BINARY(16) NULL,
  billing_account_id BINARY(16) NULL,
  submit_time DATETIME(6) NULL,
  expire_time DATETIME(6) NULL,
  confirm_time DATETIME(6) NULL,
  start_date DATE NULL,
  subscriptions VARCHAR(1000) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  PRIMARY KEY (partner_id, order_id),
  -- For the worker that expires waiting orders bucket by bucket.
  KEY orders_by_expiry (bucket, state, expire_time)
);

-- Revisions that a customer was given and that a later one replaced.
CREATE TABLE order_revisions (
  partner_id BINARY(16) NOT NULL,
  order_id BINARY(16) NOT NULL,
  revision BIGINT NOT NULL,
  state VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state_reason VARCHAR(500) NOT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  order_lines TEXT NOT NULL,
  total_micros BIGINT NOT NULL,
  billing_period_months SMALLINT NOT NULL,
  term_months SMALLINT NOT NULL,
  requested_start_date DATE NULL,
  partner_reference VARCHAR(64) NOT NULL,
  link_id BINARY(16) NULL,
  submit_time DATETIME(6) NULL,
  expire_time DATETIME(6) NULL,
  PRIMARY KEY (partner_id, order_id, revision)
);

-- What the customer typed, saw and pressed, written in the commit that confirms. Personal data: here and nowhere else
-- in this schema. billing_address is JSON with the names of google.type.PostalAddress.
CREATE TABLE acceptances (
  partner_id BINARY(16) NOT NULL,
  order_id BINARY(16) NOT NULL,
  revision BIGINT NOT NULL,
  link_id BINARY(16) NOT NULL,
  purchase_order_number VARCHAR(64) NOT NULL,
  company_name VARCHAR(200) NOT NULL,
  billing_email VARCHAR(254) NOT NULL,
  billing_address TEXT NOT NULL,
  agreement_version VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  content_sha256 BINARY(32) NOT NULL,
  ip_address VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user_agent VARCHAR(500) NOT NULL,
  press_time DATETIME(6) NOT NULL,
  PRIMARY KEY (partner_id, order_id, revision)
);

-- The billing account of a partner's customer in one currency, fixed by its first Submit.
CREATE TABLE customer_accounts (
  partner_id BINARY(16) NOT NULL,
  customer_id BINARY(16) NOT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  billing_account_id BINARY(16) NOT NULL,
  PRIMARY KEY (partner_id, customer_id, currency)
);

-- This service's copy of the partners' states, as of the partner's version. Asked in the commit that confirms.
CREATE TABLE partner_states (
  partner_id BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  active TINYINT NOT NULL,
  PRIMARY KEY (partner_id)
);
