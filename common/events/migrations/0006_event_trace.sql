-- The trace in which the event was made, for whoever looks for what followed from a call. It is no part of the digest.
ALTER TABLE events ADD COLUMN trace_id BINARY(16) NULL;
