-- The rules for purchase-order numbers, and the numbers of later orders.

-- po_required_sequence: the first invoice on which each line needs a purchase-order number; split_by_po_sequence: the
-- first that is of one number only. 0: no such rule.
ALTER TABLE billing_accounts
  ADD COLUMN po_required_sequence BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN split_by_po_sequence BIGINT NOT NULL DEFAULT 0;

-- Of the order that added the seats; empty: the subscription's.
ALTER TABLE tranches
  ADD COLUMN purchase_order_number VARCHAR(64) NOT NULL DEFAULT '',
  ADD KEY tranches_by_purchase_order (purchase_order_number);

-- What purchase_order_number becomes at the renewal; empty: it stays.
ALTER TABLE subscriptions ADD COLUMN renewal_purchase_order_number VARCHAR(64) NOT NULL DEFAULT '';
