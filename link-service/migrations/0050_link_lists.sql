-- A partner's links, in the order of their names. Across tenants: a server that shards asks every shard.
CREATE INDEX links_by_partner ON links (partner_id, link_id);

-- Customers of an expired link who ask their partner for a new one, at most once a day per link: request_id is derived
-- from link and day. It says nothing of the person. The tenant is the partner, whose log has the event.
CREATE TABLE new_link_requests (
  partner_id BINARY(16) NOT NULL,
  request_id BINARY(16) NOT NULL,
  link_id BINARY(16) NOT NULL,
  order_id BINARY(16) NOT NULL,
  order_number VARCHAR(32) NOT NULL,
  request_date DATE NOT NULL,
  create_time DATETIME(6) NOT NULL,
  PRIMARY KEY (partner_id, request_id),
  KEY new_link_requests_by_time (partner_id, create_time, request_id)
);
