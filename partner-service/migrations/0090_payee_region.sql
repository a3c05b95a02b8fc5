-- The payee's country for tax, ISO 3166; empty: not given.
ALTER TABLE payee_profiles
  ADD COLUMN tax_region VARCHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '';
