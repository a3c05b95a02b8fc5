-- When the customer pressed, as its page recorded it: of which press the acceptance is.
ALTER TABLE orders ADD COLUMN press_time DATETIME(6) NULL;
