-- Confirmation links, what their page showed, and what was pressed. The tenant of every table is the link.

-- state and order_version are copies of what order-service decided. The secret is kept as HMAC-SHA-256 under a named
-- key; review is a serialized countersign.link.v1.OrderReview, frozen when the link was issued.
CREATE TABLE links (
  link_id BINARY(16) NOT NULL,
  partner_id BINARY(16) NOT NULL,
  order_id BINARY(16) NOT NULL,
  revision BIGINT NOT NULL,
  state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  -- 0 and NULL while ACTIVE.
  order_version BIGINT NOT NULL,
  decide_time DATETIME(6) NULL,
  key_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  secret_hmac BINARY(32) NOT NULL,
  expire_time DATETIME(6) NOT NULL,
  review MEDIUMBLOB NOT NULL,
  -- Counted up to 1,000 and without a new version: viewing is no state.
  view_count BIGINT NOT NULL,
  last_view_time DATETIME(6) NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  PRIMARY KEY (link_id)
);

-- What was shown to a customer who pressed: a zlib-compressed countersign.link.v1.PageContent. Written with the first
-- press on this content.
CREATE TABLE page_contents (
  link_id BINARY(16) NOT NULL,
  sha256 BINARY(32) NOT NULL,
  content MEDIUMBLOB NOT NULL,
  locale VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  template_version VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  agreement_version VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  create_time DATETIME(6) NOT NULL,
  PRIMARY KEY (link_id, sha256)
);

-- Every press of Confirm order or Decline order, written before order-service is asked. evidence is a serialized
-- countersign.link.v1.PressEvidence: personal data; erasing it means to empty evidence and salt. The event of the press
-- carries SHA-256(salt, evidence).
CREATE TABLE presses (
  link_id BINARY(16) NOT NULL,
  press_id BINARY(16) NOT NULL,
  act VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  revision BIGINT NOT NULL,
  content_sha256 BINARY(32) NOT NULL,
  evidence MEDIUMBLOB NOT NULL,
  salt VARBINARY(16) NOT NULL,
  press_time DATETIME(6) NOT NULL,
  -- Empty until order-service answered; then CONFIRMED, DECLINED or the reason of its refusal.
  outcome VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (link_id, press_id)
);
