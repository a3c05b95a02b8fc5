-- An invoice may be paid more than once: each time its segments accrue as the next generation, and what was accrued may
-- be reversed in parts. The frozen segment is the row of generation 1, reversal 0; later generations and reversals are
-- rows of their own. basis_days 0: of an entry from before there were generations, whose whole line counted.
ALTER TABLE fee_segments
  ADD COLUMN generation INT NOT NULL DEFAULT 1,
  ADD COLUMN reversal INT NOT NULL DEFAULT 0,
  ADD COLUMN basis_micros BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN basis_days INT NOT NULL DEFAULT 0,
  ADD COLUMN cause VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'INVOICE_PAID',
  ADD COLUMN cause_id BINARY(16) NULL;

ALTER TABLE fees
  ADD COLUMN generation INT NOT NULL DEFAULT 1,
  ADD COLUMN reversal INT NOT NULL DEFAULT 0,
  ADD COLUMN basis_micros BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN basis_days INT NOT NULL DEFAULT 0,
  ADD COLUMN cause VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'INVOICE_PAID',
  ADD COLUMN cause_id BINARY(16) NULL;
