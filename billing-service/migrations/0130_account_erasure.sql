-- When a buyer goes that invoices of an erased account name: the ground for keeping it has ended then. NULL: the account
-- is not erased.
ALTER TABLE past_buyers
  ADD COLUMN delete_time DATETIME(6) NULL,
  ADD KEY past_buyers_by_delete_time (delete_time);
