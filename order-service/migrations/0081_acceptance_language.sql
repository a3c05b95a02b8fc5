-- The language in which the customer read the page, a BCP 47 tag. Acceptances of before name none.
ALTER TABLE acceptances
  ADD COLUMN language_code VARCHAR(35) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '';
