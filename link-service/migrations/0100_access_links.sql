-- Further mails with the address of a receipt, numbered from 1 per link. asked_by: CUSTOMER (on /find, whoever it was),
-- PARTNER or OPERATOR. It says nothing of a person.
CREATE TABLE access_links (
  link_id BINARY(16) NOT NULL,
  number BIGINT NOT NULL,
  asked_by VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  create_time DATETIME(6) NOT NULL,
  PRIMARY KEY (link_id, number)
);
