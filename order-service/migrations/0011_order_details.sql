-- What a partner writes beside the lines of an order, and the ways to find it.
ALTER TABLE orders
  ADD COLUMN customer_note VARCHAR(500) NOT NULL DEFAULT '',
  ADD COLUMN purchase_order_number VARCHAR(64) NOT NULL DEFAULT '',
  -- ISO 3166; empty where the partner did not say.
  ADD COLUMN region VARCHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  -- A search goes by the bucket, of one partner or of all (docs/adr/0002).
  ADD KEY orders_by_bucket_reference (bucket, partner_reference),
  ADD KEY orders_by_purchase_order (bucket, purchase_order_number),
  ADD KEY orders_by_account (bucket, billing_account_id);

ALTER TABLE order_revisions
  ADD COLUMN customer_note VARCHAR(500) NOT NULL DEFAULT '',
  ADD COLUMN purchase_order_number VARCHAR(64) NOT NULL DEFAULT '',
  ADD COLUMN region VARCHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '';
