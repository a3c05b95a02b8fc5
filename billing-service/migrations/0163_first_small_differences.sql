-- The limits that a service begins with, as payout terms have theirs; an operator publishes later versions. The ids are
-- those of SmallDifferenceId.
INSERT IGNORE INTO small_differences (small_difference_id, currency, effective_date, limit_micros, create_time) VALUES
  (UNHEX('AF3CABD47619843C86F5B3B5FA772C80'), 'USD', '2009-01-01', 1000000, '2009-01-01 00:00:00'),
  (UNHEX('8195D7A51653802FBFF87000B554D1B8'), 'EUR', '2009-01-01', 1000000, '2009-01-01 00:00:00'),
  (UNHEX('626CC25D4D958D948F321DE07B97AA00'), 'JPY', '2009-01-01', 100000000, '2009-01-01 00:00:00'),
  (UNHEX('C559341DA5FB88DEB06487833013AC30'), 'KWD', '2009-01-01', 300000, '2009-01-01 00:00:00');
