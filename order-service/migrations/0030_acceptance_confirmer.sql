-- Who confirmed, and the company's tax number. Acceptances of before name nobody.
ALTER TABLE acceptances
  ADD COLUMN confirmer_name VARCHAR(200) NOT NULL DEFAULT '',
  ADD COLUMN confirmer_title VARCHAR(100) NOT NULL DEFAULT '',
  ADD COLUMN confirmer_email VARCHAR(254) NOT NULL DEFAULT '',
  ADD COLUMN tax_id VARCHAR(32) NOT NULL DEFAULT '';
