-- Which order holds the one change that may wait for a subscription: since its version order_version. It holds on while it
-- waits for its confirmation; the next change takes the row over afterwards.
CREATE TABLE waiting_changes (
  partner_id BINARY(16) NOT NULL,
  subscription_id BINARY(16) NOT NULL,
  order_id BINARY(16) NOT NULL,
  order_version BIGINT NOT NULL,
  PRIMARY KEY (partner_id, subscription_id)
);
