-- One-time codes that were mailed to the billing contact of a link's order, numbered from 1 per link; only the newest
-- counts. digest is HMAC-SHA-256 under a key of the links' secrets; sent_to is the masked address, "a•••@c•••". Each
-- guess is counted in attempts before it is compared. form_id: the form on which the code was right; nil before.
CREATE TABLE codes (
  link_id BINARY(16) NOT NULL,
  number BIGINT NOT NULL,
  digest BINARY(32) NOT NULL,
  sent_to VARCHAR(64) NOT NULL,
  attempts BIGINT NOT NULL,
  form_id BINARY(16) NOT NULL,
  create_time DATETIME(6) NOT NULL,
  PRIMARY KEY (link_id, number)
);
