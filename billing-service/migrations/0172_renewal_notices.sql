-- The subscription whose renewal a notice announces; NULL: it announces none.
ALTER TABLE notices ADD COLUMN subscription_id BINARY(16) NULL;
