-- What is kept for a time only is found by its age.
ALTER TABLE presses ADD KEY presses_by_time (press_time);
ALTER TABLE codes ADD KEY codes_by_time (create_time);
ALTER TABLE new_link_requests ADD KEY new_link_requests_by_age (create_time);
