-- Agreements with a document, the history of their acceptance, payee profiles, archived customers, and the lists.

ALTER TABLE agreements
  ADD COLUMN title VARCHAR(200) NOT NULL DEFAULT '',
  -- Empty only for the version of the first migration.
  ADD COLUMN document_sha256 VARBINARY(32) NOT NULL DEFAULT '',
  ADD COLUMN document_uri VARCHAR(500) NOT NULL DEFAULT '',
  ADD COLUMN create_time DATETIME(6) NOT NULL DEFAULT '2009-01-01 00:00:00.000000';

UPDATE agreements SET title = 'Partner Agreement, June 2009' WHERE agreement_id = '2009-06';

-- Who accepted which version for the partner, and when; never changed. recorded_by made the call, and is empty for what
-- was accepted before this table was there.
CREATE TABLE agreement_acceptances (
  partner_id BINARY(16) NOT NULL,
  acceptance_id BINARY(16) NOT NULL,
  agreement_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  accepted_by VARCHAR(200) NOT NULL,
  recorded_by VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  accept_time DATETIME(6) NOT NULL,
  PRIMARY KEY (partner_id, acceptance_id),
  KEY agreement_acceptances_by_time (partner_id, accept_time, acceptance_id)
);

INSERT INTO agreement_acceptances (partner_id, acceptance_id, agreement_id, accepted_by, recorded_by, accept_time)
  SELECT partner_id, partner_id, accepted_agreement, agreement_accepted_by, '', agreement_accept_time
  FROM partners WHERE agreement_accept_time IS NOT NULL;

-- One per partner that ever set it. bank_reference is AES-256-GCM ciphertext that names its key, empty before it is
-- set; bank_reference_tail is what may be shown of it.
CREATE TABLE payee_profiles (
  partner_id BINARY(16) NOT NULL,
  currency_code VARCHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  bank_reference VARBINARY(512) NOT NULL,
  bank_reference_tail VARCHAR(4) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  tax_form_kind VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  tax_form_date DATE NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  PRIMARY KEY (partner_id)
);

ALTER TABLE customers
  ADD COLUMN archive_time DATETIME(6) NULL,
  ADD KEY customers_by_time (partner_id, create_time, customer_id);

-- Lists are in the order of creation. That of the partners is the operators' and goes across tenants.
ALTER TABLE partners ADD KEY partners_by_time (create_time, partner_id);
ALTER TABLE api_keys ADD KEY api_keys_by_time (partner_id, create_time, api_key_id);
ALTER TABLE authorizations ADD KEY authorizations_by_time (partner_id, create_time, authorization_id);
