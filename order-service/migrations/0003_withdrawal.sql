-- A partner that is suspended or terminated has its waiting orders withdrawn, one by one, and reinstating it revives none
-- of them. An order therefore knows the partner's version at its Submit, and a partner's row the newest version at which
-- it was not active: whatever was submitted before that is void, also while a worker has not come to it yet.
-- seller_version: 0 while that is not known (a draft; a waiting order that a replica of before this migration submitted).
ALTER TABLE orders
  ADD COLUMN seller_version BIGINT NOT NULL DEFAULT 0,
  -- For what is asked of one partner's orders in one state.
  ADD KEY orders_by_state (partner_id, state, order_id);

-- withdrawing: 1 while orders may be left that must be withdrawn. withdraw_reason: what they will say.
ALTER TABLE partner_states
  ADD COLUMN bucket SMALLINT NOT NULL DEFAULT 0,
  ADD COLUMN inactive_version BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN withdrawing TINYINT NOT NULL DEFAULT 0,
  ADD COLUMN withdraw_reason VARCHAR(500) NOT NULL DEFAULT '',
  -- For the worker that withdraws bucket by bucket.
  ADD KEY partner_states_by_withdrawing (bucket, withdrawing);

-- BucketOf in SQL: the first byte of the key's SHA-256. When an active partner was last inactive is not known, but it was
-- before now: an old state that arrives late is no news then.
UPDATE partner_states SET bucket = CONV(LEFT(SHA2(partner_id, 256), 2), 16, 10) % 64,
  inactive_version = IF(active = 1, version - 1, version), withdrawing = IF(active = 1, 0, 1),
  withdraw_reason = IF(active = 1, '', 'The partner is no longer active.');

-- What waits for its confirmation stays valid where the partner is active, and is withdrawn where it is not.
UPDATE orders JOIN partner_states ON partner_states.partner_id = orders.partner_id
  SET orders.seller_version = IF(partner_states.active = 1, partner_states.version, partner_states.version - 1)
  WHERE orders.state = 'AWAITING_CONFIRMATION';
