-- The customer as the partner's address book named it at the last Submit: for the partner's own fee statements. Empty for
-- orders of before, and once the customer was erased.
ALTER TABLE orders ADD COLUMN customer_name VARCHAR(200) NOT NULL DEFAULT '';
