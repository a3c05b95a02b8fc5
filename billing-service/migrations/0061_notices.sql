-- Mails to the billing contacts: that they were sent, not what they said. dunning_state NULL: about an invoice that
-- opened. A notice is sent once for its row, and again only after it bounced.
CREATE TABLE notices (
  account_id BINARY(16) NOT NULL,
  notice_id BINARY(16) NOT NULL,
  kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  invoice_id BINARY(16) NOT NULL,
  dunning_state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL,
  dunning_rung INT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  bounce_reason VARCHAR(500) NOT NULL,
  send_time DATETIME(6) NULL,
  version BIGINT NOT NULL,
  update_time DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, notice_id),
  KEY notices_by_account_and_time (account_id, create_time, notice_id),
  KEY notices_by_time (create_time, notice_id),
  KEY notices_by_state (state, create_time, notice_id)
);
