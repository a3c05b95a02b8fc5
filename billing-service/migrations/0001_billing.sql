-- What billing-service owns. The tenant is the billing account; of fees it is the partner, of a bank receipt the
-- receipt itself, and of a ledger transaction whichever of them the act belongs to. Money is BIGINT micros of a unit
-- beside its ISO 4217 currency, dates are UTC, periods exclude their end.

-- The legal customers. What the customer typed is personal data and stands in columns that can be erased.
CREATE TABLE billing_accounts (
  account_id BINARY(16) NOT NULL,
  account_number VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  company_name VARCHAR(200) NOT NULL,
  billing_email VARCHAR(254) NOT NULL,
  region_code CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  postal_code VARCHAR(200) NOT NULL,
  administrative_area VARCHAR(200) NOT NULL,
  locality VARCHAR(200) NOT NULL,
  address_lines VARCHAR(2000) NOT NULL,
  recipients VARCHAR(2000) NOT NULL,
  organization VARCHAR(200) NOT NULL,
  credit_micros BIGINT NOT NULL,
  next_invoice_sequence BIGINT NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id)
);

-- Account numbers are unique beyond their tenant: reserved here first, by the account that will bear them.
CREATE TABLE account_numbers (
  account_number VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  account_id BINARY(16) NOT NULL,
  PRIMARY KEY (account_number)
);

-- One row per activated order revision: the guard that makes activation happen once. The ids of the subscriptions and
-- invoices derive from these columns.
CREATE TABLE activations (
  account_id BINARY(16) NOT NULL,
  order_id BINARY(16) NOT NULL,
  revision BIGINT NOT NULL,
  partner_id BINARY(16) NOT NULL,
  line_count INT NOT NULL,
  first_invoice_sequence BIGINT NOT NULL,
  invoice_count INT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, order_id, revision)
);

-- bucket is the account's; bill_date is when it starts or its next line falls due (NULL: never), start_date the anchor.
CREATE TABLE subscriptions (
  account_id BINARY(16) NOT NULL,
  subscription_id BINARY(16) NOT NULL,
  bucket SMALLINT NOT NULL,
  partner_id BINARY(16) NOT NULL,
  order_id BINARY(16) NOT NULL,
  offer VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  title VARCHAR(200) NOT NULL,
  state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  start_date DATE NOT NULL,
  billing_months INT NOT NULL,
  term_months INT NOT NULL,
  committed_months INT NOT NULL,
  bill_date DATE NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, subscription_id),
  KEY subscriptions_due (bucket, bill_date)
);

-- Who is partner of record on which days; end_date NULL: until further notice.
CREATE TABLE partner_assignments (
  account_id BINARY(16) NOT NULL,
  subscription_id BINARY(16) NOT NULL,
  start_date DATE NOT NULL,
  end_date DATE NULL,
  partner_id BINARY(16) NOT NULL,
  PRIMARY KEY (account_id, subscription_id, start_date)
);

CREATE TABLE tranches (
  account_id BINARY(16) NOT NULL,
  subscription_id BINARY(16) NOT NULL,
  tranche BIGINT NOT NULL,
  start_date DATE NOT NULL,
  quantity BIGINT NOT NULL,
  unit_price_micros BIGINT NOT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  billed_until_date DATE NOT NULL,
  PRIMARY KEY (account_id, subscription_id, tranche)
);

-- order_id and partner_id are NULL for invoices that no activation opened.
CREATE TABLE invoices (
  account_id BINARY(16) NOT NULL,
  invoice_id BINARY(16) NOT NULL,
  sequence BIGINT NOT NULL,
  invoice_number VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  partner_id BINARY(16) NULL,
  order_id BINARY(16) NULL,
  purchase_order_number VARCHAR(64) NOT NULL,
  net_micros BIGINT NOT NULL,
  tax_micros BIGINT NOT NULL,
  paid_micros BIGINT NOT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  issue_date DATE NOT NULL,
  due_date DATE NOT NULL,
  paid_time DATETIME(6) NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, invoice_id),
  UNIQUE KEY invoices_by_sequence (account_id, sequence),
  KEY invoices_by_order (account_id, order_id, sequence)
);

CREATE TABLE invoice_lines (
  account_id BINARY(16) NOT NULL,
  invoice_id BINARY(16) NOT NULL,
  line INT NOT NULL,
  subscription_id BINARY(16) NOT NULL,
  tranche BIGINT NOT NULL,
  description VARCHAR(300) NOT NULL,
  quantity BIGINT NOT NULL,
  unit_price_micros BIGINT NOT NULL,
  months INT NOT NULL,
  service_start_date DATE NOT NULL,
  service_end_date DATE NOT NULL,
  period_start_date DATE NOT NULL,
  period_end_date DATE NOT NULL,
  net_micros BIGINT NOT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (account_id, invoice_id, line)
);

-- The fee segments that a line froze when its invoice opened. earned_micros and earn_time are set when it is paid.
-- fee_id derives from invoice, line and segment and is the id of the partner's entry, too.
CREATE TABLE fee_segments (
  account_id BINARY(16) NOT NULL,
  fee_id BINARY(16) NOT NULL,
  invoice_id BINARY(16) NOT NULL,
  line INT NOT NULL,
  segment INT NOT NULL,
  partner_id BINARY(16) NOT NULL,
  subscription_id BINARY(16) NOT NULL,
  tranche BIGINT NOT NULL,
  rate_basis_points INT NOT NULL,
  days INT NOT NULL,
  period_days INT NOT NULL,
  service_start_date DATE NOT NULL,
  line_net_micros BIGINT NOT NULL,
  earned_micros BIGINT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  earn_time DATETIME(6) NULL,
  PRIMARY KEY (account_id, fee_id),
  KEY fee_segments_by_invoice (account_id, invoice_id, line, segment)
);

CREATE TABLE payments (
  account_id BINARY(16) NOT NULL,
  payment_id BINARY(16) NOT NULL,
  receipt_id BINARY(16) NOT NULL,
  state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount_micros BIGINT NOT NULL,
  credit_micros BIGINT NOT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  value_date DATE NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, payment_id)
);

CREATE TABLE payment_allocations (
  account_id BINARY(16) NOT NULL,
  payment_id BINARY(16) NOT NULL,
  invoice_id BINARY(16) NOT NULL,
  amount_micros BIGINT NOT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (account_id, payment_id, invoice_id)
);

-- Money that arrived at the bank. invoice_id NULL: the payer named none.
CREATE TABLE bank_receipts (
  receipt_id BINARY(16) NOT NULL,
  external_reference VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount_micros BIGINT NOT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  value_date DATE NOT NULL,
  account_id BINARY(16) NOT NULL,
  invoice_id BINARY(16) NULL,
  create_time DATETIME(6) NOT NULL,
  PRIMARY KEY (receipt_id)
);

-- The bank's references are unique beyond their tenant: reserved here first, by the receipt that will bear them.
CREATE TABLE bank_receipt_references (
  external_reference VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  receipt_id BINARY(16) NOT NULL,
  PRIMARY KEY (external_reference)
);

-- The partners' side of fees, immutable. Tenant: the partner.
CREATE TABLE fees (
  partner_id BINARY(16) NOT NULL,
  fee_id BINARY(16) NOT NULL,
  state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  account_id BINARY(16) NOT NULL,
  invoice_id BINARY(16) NOT NULL,
  line INT NOT NULL,
  segment INT NOT NULL,
  subscription_id BINARY(16) NOT NULL,
  tranche BIGINT NOT NULL,
  rate_basis_points INT NOT NULL,
  days INT NOT NULL,
  period_days INT NOT NULL,
  service_start_date DATE NOT NULL,
  line_net_micros BIGINT NOT NULL,
  amount_micros BIGINT NOT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  accrue_time DATETIME(6) NOT NULL,
  PRIMARY KEY (partner_id, fee_id),
  KEY fees_by_time (partner_id, accrue_time, fee_id)
);

-- Double entry, never changed: the runtime user may only select and insert. Per transaction and currency the debits
-- equal the credits.
CREATE TABLE ledger_transactions (
  tenant_id BINARY(16) NOT NULL,
  transaction_id BINARY(16) NOT NULL,
  act VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  subject_id BINARY(16) NOT NULL,
  post_date DATE NOT NULL,
  create_time DATETIME(6) NOT NULL,
  PRIMARY KEY (tenant_id, transaction_id)
);

CREATE TABLE ledger_entries (
  tenant_id BINARY(16) NOT NULL,
  transaction_id BINARY(16) NOT NULL,
  entry INT NOT NULL,
  account VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  debit_micros BIGINT NOT NULL,
  credit_micros BIGINT NOT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (tenant_id, transaction_id, entry)
);
