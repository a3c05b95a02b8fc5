-- Where a line's unit price came from and whose purchase order it is: frozen when the invoice opens, so that it is
-- explained and printed by what was known then. Empty and 0 on lines of before. list_price_micros: what the unit price is
-- promoted from; 0: no promotion.
ALTER TABLE invoice_lines
  ADD COLUMN price VARCHAR(160) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD COLUMN tier_quantity BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN list_price_micros BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN purchase_order_number VARCHAR(64) NOT NULL DEFAULT '';
