-- When a customer was erased: its other columns are empty since. NULL before.
ALTER TABLE customers ADD COLUMN erase_time DATETIME(6) NULL;
