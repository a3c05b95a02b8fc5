-- The partner request whose answer a notice tells; NULL: of other kinds.
ALTER TABLE notices ADD COLUMN partner_request_id BINARY(16) NULL;
