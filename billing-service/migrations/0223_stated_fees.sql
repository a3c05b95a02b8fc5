-- Which entries no closing has to look at again: those on a statement, and those that were never earned. So a closing reads
-- a partner's open entries and not all that it ever had, and finds an old one that was held for years.
ALTER TABLE fees
  ADD COLUMN stated TINYINT NOT NULL DEFAULT 0,
  ADD KEY fees_to_state (partner_id, currency, stated, accrue_time, fee_id),
  ADD KEY fees_to_state_by_bucket (bucket, stated, partner_id, currency, accrue_time);

UPDATE fees SET stated = 1 WHERE state = 'NOT_EARNED'
  OR EXISTS (SELECT 1 FROM statement_lines l WHERE l.partner_id = fees.partner_id AND l.fee_id = fees.fee_id);
