-- Where the last Submit came from, for the suspicion of self-dealing: the network address of the API key's call (empty:
-- an operator's, or not known), and the domain of the partner's own e-mail address, in lower case.
ALTER TABLE orders
  ADD COLUMN submit_address VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD COLUMN partner_mail_domain VARCHAR(254) NOT NULL DEFAULT '';
