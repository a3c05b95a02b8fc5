-- The copy of each partner's standing in the programme, pushed by partner-service. standing_time: when it was taken.
-- hold_id: under which the fees of a suspended partner are held.
CREATE TABLE partner_states (
  partner_id BINARY(16) NOT NULL,
  partner_version BIGINT NOT NULL,
  standing VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  standing_time DATETIME(6) NOT NULL,
  hold_id BINARY(16) NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (partner_id)
);

-- Why fees wait: their partner is suspended (one row per suspension), or a subscription is suspected of self-dealing
-- (one row per subscription, which may be set again).
CREATE TABLE fee_holds (
  partner_id BINARY(16) NOT NULL,
  hold_id BINARY(16) NOT NULL,
  kind VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  account_id BINARY(16) NULL,
  subscription_id BINARY(16) NULL,
  create_time DATETIME(6) NOT NULL,
  state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason VARCHAR(500) NOT NULL,
  end_reason VARCHAR(500) NOT NULL,
  end_time DATETIME(6) NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (partner_id, hold_id),
  UNIQUE KEY fee_holds_by_subscription (partner_id, subscription_id),
  KEY fee_holds_by_time (partner_id, create_time, hold_id)
);

-- forgone_micros: what the entry does not give its partner, who was terminated. reason: an operator's or the hold's.
ALTER TABLE fees
  ADD COLUMN hold_id BINARY(16) NULL,
  ADD COLUMN forgone_micros BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN reason VARCHAR(500) NOT NULL DEFAULT '',
  ADD KEY fees_by_hold (partner_id, hold_id, fee_id);
