-- The payout file over all partners that a payout was sent in last; NULL: none, or a file of its partner alone.
ALTER TABLE payouts ADD COLUMN file_id BINARY(16) NULL;
