-- What the order kinds, late activations, the billing run and renewals need to know.

-- last_issue_date: of the newest invoice; the next is never dated earlier. state PARKED: something is wrong with the
-- account, park_reason says what, and nothing is billed until an operator resumes it.
ALTER TABLE billing_accounts
  ADD COLUMN last_issue_date DATE NULL,
  ADD COLUMN state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'ACTIVE',
  ADD COLUMN park_reason VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD COLUMN park_message VARCHAR(500) NOT NULL DEFAULT '',
  ADD KEY billing_accounts_by_state (state, account_id),
  ADD KEY billing_accounts_by_email (billing_email);

-- subscription_id: the one that an order of a kind other than NEW changed. ABANDONED: it never will be activated.
ALTER TABLE activations
  ADD COLUMN kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'NEW',
  ADD COLUMN subscription_id BINARY(16) NULL,
  ADD COLUMN outcome VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'ACTIVATED';

-- Who pressed Confirm. Personal data, so it stands apart from activations, which are only ever inserted.
CREATE TABLE activation_confirmers (
  account_id BINARY(16) NOT NULL,
  order_id BINARY(16) NOT NULL,
  revision BIGINT NOT NULL,
  confirmer_name VARCHAR(200) NOT NULL,
  confirmer_role VARCHAR(200) NOT NULL,
  confirmer_email VARCHAR(254) NOT NULL,
  PRIMARY KEY (account_id, order_id, revision)
);

-- trial_days lie before start_date. suspension_reasons: names, separated by commas. renewal_quantity 0: as it is then;
-- renewal_source NONE: no price is chosen yet.
ALTER TABLE subscriptions
  ADD COLUMN trial_days INT NOT NULL DEFAULT 0,
  ADD COLUMN purchase_order_number VARCHAR(64) NOT NULL DEFAULT '',
  ADD COLUMN auto_renew TINYINT NOT NULL DEFAULT 1,
  ADD COLUMN suspension_reasons VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD COLUMN renewal_quantity BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN renewal_source VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'NONE',
  ADD COLUMN renewal_currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD COLUMN renewal_unit_price_micros BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN renewal_price VARCHAR(160) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD COLUMN renewal_tier_quantity BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN cancel_reason VARCHAR(500) NOT NULL DEFAULT '',
  ADD COLUMN end_date DATE NULL,
  ADD KEY subscriptions_by_purchase_order (purchase_order_number);

ALTER TABLE partner_assignments ADD KEY partner_assignments_by_partner (partner_id, account_id, subscription_id);

-- first_year_start_date NULL: start_date. list_price_micros: what unit_price is promoted from; 0: no promotion.
-- removed_quantity: seats that left on removed_date and may come back with this tranche's first year.
ALTER TABLE tranches
  ADD COLUMN first_year_start_date DATE NULL,
  ADD COLUMN price VARCHAR(160) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD COLUMN tier_quantity BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN list_price_micros BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN promotion_start_date DATE NULL,
  ADD COLUMN promotion_end_date DATE NULL,
  ADD COLUMN removed_quantity BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN removed_date DATE NULL;

-- Confirmed orders that could not be activated. request: the order as order-service described it, personal data.
CREATE TABLE parked_activations (
  account_id BINARY(16) NOT NULL,
  parked_activation_id BINARY(16) NOT NULL,
  partner_id BINARY(16) NOT NULL,
  order_id BINARY(16) NOT NULL,
  revision BIGINT NOT NULL,
  state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  message VARCHAR(1000) NOT NULL,
  start_date DATE NOT NULL,
  confirm_time DATETIME(6) NOT NULL,
  request MEDIUMBLOB NOT NULL,
  operator_reason VARCHAR(500) NOT NULL,
  version BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, parked_activation_id),
  KEY parked_activations_by_time (create_time, parked_activation_id)
);
