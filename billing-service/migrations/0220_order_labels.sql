-- How its partner knows an order: for the lines of its fee statements. Of orders that start subscriptions or change their
-- partner; orders of before have no row. customer_name is emptied when the customer is erased.
CREATE TABLE order_labels (
  account_id BINARY(16) NOT NULL,
  order_id BINARY(16) NOT NULL,
  order_number VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  partner_reference VARCHAR(64) NOT NULL,
  customer_name VARCHAR(200) NOT NULL,
  PRIMARY KEY (account_id, order_id)
);
