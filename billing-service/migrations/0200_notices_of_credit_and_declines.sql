-- The credit note that a notice tells of, or the charge that was declined; NULL: neither.
ALTER TABLE notices
  ADD COLUMN credit_note_id BINARY(16) NULL,
  ADD COLUMN charge_id BINARY(16) NULL;
