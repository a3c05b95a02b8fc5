-- The catalogue grows: offers that an operator writes, bundles, seat limits, regions, and prices that say when they were
-- published. version: 0 while an offer is as it was seeded, which left no event.
ALTER TABLE offers
  ADD COLUMN version BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN maximum_quantity BIGINT NOT NULL DEFAULT 1000000,
  -- The offers of a bundle, with commas between; empty for an offer that is none.
  ADD COLUMN components VARCHAR(1300) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  -- ISO 3166 codes with commas between; empty: sold everywhere.
  ADD COLUMN regions VARCHAR(1000) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  -- Months of the billing periods that may be chosen.
  ADD COLUMN billing_periods VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '1,12',
  ADD COLUMN retire_time DATETIME(6) NULL,
  ADD COLUMN create_time DATETIME(6) NOT NULL DEFAULT '2009-01-01 00:00:00',
  ADD COLUMN update_time DATETIME(6) NOT NULL DEFAULT '2009-01-01 00:00:00';

UPDATE offers SET components = 'exchange-online,sharepoint-online,office-communications-online,office-live-meeting'
  WHERE offer_id = 'bpos-standard-suite';
UPDATE offers SET components = 'exchange-online-deskless,sharepoint-online-deskless'
  WHERE offer_id = 'deskless-worker-suite';

-- note: what an operator should know of the version.
ALTER TABLE prices
  ADD COLUMN publish_time DATETIME(6) NOT NULL DEFAULT '2009-01-01 00:00:00',
  ADD COLUMN note VARCHAR(500) NOT NULL DEFAULT '';

UPDATE prices SET note = 'The first tier is the list price of 2009. The discounts of the higher tiers are made up.'
  WHERE currency = 'USD';
UPDATE prices SET note = 'All tiers are made up.' WHERE currency <> 'USD';

-- Free days, or a lower price for the initial term, for what is submitted from start_date until before end_date.
-- unit_prices is a JSON object {currency: micros}: read and written as a whole.
CREATE TABLE promotions (
  offer_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  promotion_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  title VARCHAR(200) NOT NULL,
  trial_days BIGINT NOT NULL,
  unit_prices VARCHAR(4000) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  start_date DATE NOT NULL,
  create_time DATETIME(6) NOT NULL,
  version BIGINT NOT NULL,
  end_date DATE NOT NULL,
  update_time DATETIME(6) NOT NULL,
  PRIMARY KEY (offer_id, promotion_id)
);
