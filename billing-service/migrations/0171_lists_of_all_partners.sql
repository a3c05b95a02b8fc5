-- Payouts and statements of all partners, for operators: whole, and by state.
ALTER TABLE payouts
  ADD KEY payouts_of_all_by_time (create_time, payout_id),
  ADD KEY payouts_by_state (state, create_time, payout_id);

ALTER TABLE statements
  ADD KEY statements_of_all_by_time (create_time, statement_id),
  ADD KEY statements_by_state (state, create_time, statement_id);
