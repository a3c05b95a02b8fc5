-- Lists over all accounts, for operators, and an account's payments, each along a key in the order of its pages: whole,
-- and by what is rare and asked for. Of renewals it is the parked ones.
ALTER TABLE invoices
  ADD KEY invoices_by_time (create_time, invoice_id),
  ADD KEY invoices_by_state (state, create_time, invoice_id);

ALTER TABLE credit_notes ADD KEY credit_notes_by_time (create_time, credit_note_id);

ALTER TABLE refunds
  ADD KEY refunds_of_all_by_time (create_time, refund_id),
  ADD KEY refunds_by_date (refund_date, create_time, refund_id);

ALTER TABLE subscriptions
  ADD KEY subscriptions_by_time (create_time, subscription_id),
  ADD KEY subscriptions_by_renewal (renewal_source, create_time, subscription_id);

ALTER TABLE payments
  ADD KEY payments_by_account (account_id, create_time, payment_id),
  ADD KEY payments_by_time (create_time, payment_id),
  ADD KEY payments_by_state (state, create_time, payment_id),
  ADD KEY payments_by_receipt (receipt_id),
  ADD KEY payments_by_charge (charge_id);
