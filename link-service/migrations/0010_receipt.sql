-- The form on which a press was made: one showing of the page has one, and only the browser that got it knows it. The
-- receipt's secret is derived from it. Presses of before have none.
ALTER TABLE presses ADD COLUMN form_id BINARY(16) NOT NULL DEFAULT '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0';

-- What scanners, previews and prefetchers opened, counted apart.
ALTER TABLE links ADD COLUMN automated_view_count BIGINT NOT NULL DEFAULT 0;
