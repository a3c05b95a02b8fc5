-- After a change of the billing contact: where one-time codes go until codes_move_time.
ALTER TABLE billing_accounts
  ADD COLUMN former_billing_email VARCHAR(254) NOT NULL DEFAULT '',
  ADD COLUMN codes_move_time DATETIME(6) NULL;

-- The addresses that were billing contacts: each until the account's version that replaced it. code_email: where codes
-- went on for 7 days after until_time. Personal data; erasing it means to empty both addresses.
CREATE TABLE billing_contacts (
  account_id BINARY(16) NOT NULL,
  until_version BIGINT NOT NULL,
  billing_email VARCHAR(254) NOT NULL,
  code_email VARCHAR(254) NOT NULL,
  until_time DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, until_version)
);

-- A notice about a change of the billing contact: the account's version that it made. Of others 0.
ALTER TABLE notices ADD COLUMN contact_version BIGINT NOT NULL DEFAULT 0;
