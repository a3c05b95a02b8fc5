-- Who may sell, under which agreement, to which customers. The tenant of every table is the partner, but for the
-- reservation of partner numbers and the list of agreements, which are keyed by what they name.

CREATE TABLE partners (
  partner_id BINARY(16) NOT NULL,
  partner_number VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  display_name VARCHAR(200) NOT NULL,
  contact_email VARCHAR(254) NOT NULL,
  state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state_reason VARCHAR(500) NOT NULL,
  -- Empty and NULL before the first acceptance.
  accepted_agreement VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  agreement_accepted_by VARCHAR(200) NOT NULL,
  agreement_accept_time DATETIME(6) NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  PRIMARY KEY (partner_id)
);

-- A partner number is unique beyond its tenant, so it is reserved here before its partner is written. The row names
-- its owner: the same owner may take it again, which is what a repeated CreatePartner does.
CREATE TABLE partner_numbers (
  partner_number VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  partner_id BINARY(16) NOT NULL,
  create_time DATETIME(6) NOT NULL,
  PRIMARY KEY (partner_number)
);

-- A partner's address book. The columns with personal data can be emptied without touching the rest.
CREATE TABLE customers (
  partner_id BINARY(16) NOT NULL,
  customer_id BINARY(16) NOT NULL,
  display_name VARCHAR(200) NOT NULL,
  contact_name VARCHAR(200) NOT NULL,
  contact_email VARCHAR(254) NOT NULL,
  partner_reference VARCHAR(64) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  PRIMARY KEY (partner_id, customer_id)
);

-- The versions of the partner agreement; never changed once written. The current one took effect last.
CREATE TABLE agreements (
  agreement_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  effective_time DATETIME(6) NOT NULL,
  PRIMARY KEY (agreement_id)
);

INSERT INTO agreements (agreement_id, effective_time) VALUES ('2009-06', '2009-01-01 00:00:00.000000');
