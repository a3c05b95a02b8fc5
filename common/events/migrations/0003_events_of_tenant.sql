-- A tenant's own events in the order of the log, so that its feed need not be picked out of its bucket's.
ALTER TABLE events ADD UNIQUE KEY events_of_tenant (tenant_id, position);
