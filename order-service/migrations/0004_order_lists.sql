-- An order is found by its number, and the orders of all partners are listed, bucket by bucket (docs/adr/0002). Numbers
-- are 60 bits of the order's id: within a bucket they are distinct.
ALTER TABLE orders
  ADD KEY orders_by_number (bucket, order_number),
  ADD KEY orders_by_reference (partner_id, partner_reference);
