-- Who sells in a currency, as versions that an operator publishes: what an invoice names as its seller and where to pay
-- it. Small, of no tenant, insert-only.
CREATE TABLE legal_entities (
  legal_entity_id BINARY(16) NOT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  effective_date DATE NOT NULL,
  legal_name VARCHAR(200) NOT NULL,
  region_code CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  postal_code VARCHAR(200) NOT NULL,
  administrative_area VARCHAR(200) NOT NULL,
  locality VARCHAR(200) NOT NULL,
  address_lines VARCHAR(2000) NOT NULL,
  recipients VARCHAR(2000) NOT NULL,
  organization VARCHAR(200) NOT NULL,
  tax_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  bank_name VARCHAR(200) NOT NULL,
  bank_account VARCHAR(34) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  bank_code VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  create_time DATETIME(6) NOT NULL,
  PRIMARY KEY (legal_entity_id),
  UNIQUE KEY legal_entities_by_currency (currency, effective_date),
  KEY legal_entities_by_time (create_time, legal_entity_id)
);

-- The buyer as invoices before this sequence name it, written when what they name changes. Personal data. An invoice
-- names the first of them that lies after it, else the account as it is.
CREATE TABLE past_buyers (
  account_id BINARY(16) NOT NULL,
  until_sequence BIGINT NOT NULL,
  company_name VARCHAR(200) NOT NULL,
  region_code CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  postal_code VARCHAR(200) NOT NULL,
  administrative_area VARCHAR(200) NOT NULL,
  locality VARCHAR(200) NOT NULL,
  address_lines VARCHAR(2000) NOT NULL,
  recipients VARCHAR(2000) NOT NULL,
  organization VARCHAR(200) NOT NULL,
  tax_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (account_id, until_sequence)
);
