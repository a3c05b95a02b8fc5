-- What a code is for: it is good for nothing else. Codes of before confirmed an order.
ALTER TABLE codes ADD COLUMN purpose VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'CONFIRM_ORDER';

-- What a customer did on its receipt, written before billing-service is asked. act_id is derived from form and act, so
-- that one form does it once. plan is a serialized countersign.link.v1.ReceiptActPlan; evidence a ReceiptActEvidence:
-- personal data; erasing it means to empty evidence and salt. outcome: empty until billing-service answered; then DONE
-- or the reason of its refusal.
CREATE TABLE receipt_acts (
  link_id BINARY(16) NOT NULL,
  act_id BINARY(16) NOT NULL,
  act VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  plan MEDIUMBLOB NOT NULL,
  evidence MEDIUMBLOB NOT NULL,
  salt VARBINARY(16) NOT NULL,
  press_time DATETIME(6) NOT NULL,
  version BIGINT NOT NULL,
  outcome VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (link_id, act_id)
);
