-- When what the customer typed was erased: the acceptances and the free texts of the order are empty since. NULL before.
ALTER TABLE orders ADD COLUMN erase_time DATETIME(6) NULL;
