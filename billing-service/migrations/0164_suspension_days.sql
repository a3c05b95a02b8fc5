-- When the subscription was suspended last, and resumed: a period that starts in between is not billed, one that began
-- before is. NULL: never, or before these days were kept.
ALTER TABLE subscriptions
  ADD COLUMN suspended_date DATE NULL,
  ADD COLUMN resumed_date DATE NULL;
