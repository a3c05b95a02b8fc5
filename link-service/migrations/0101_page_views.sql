-- A person's view of a link's page: what was shown, to which address and browser, once a day. view_id is derived from all
-- of these. evidence is a serialized countersign.link.v1.ViewEvidence: personal data; erasing it means to empty evidence
-- and salt. The event of the view carries SHA-256(salt, evidence).
CREATE TABLE page_views (
  link_id BINARY(16) NOT NULL,
  view_id BINARY(16) NOT NULL,
  content_sha256 BINARY(32) NOT NULL,
  evidence BLOB NOT NULL,
  salt VARBINARY(16) NOT NULL,
  view_time DATETIME(6) NOT NULL,
  PRIMARY KEY (link_id, view_id),
  KEY page_views_by_time (view_time)
);
