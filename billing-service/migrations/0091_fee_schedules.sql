-- What partners earn, as versions that an operator publishes. Small, of no tenant, insert-only.
CREATE TABLE fee_schedules (
  fee_schedule_id BINARY(16) NOT NULL,
  effective_date DATE NOT NULL,
  first_year_rate_basis_points BIGINT NOT NULL,
  later_rate_basis_points BIGINT NOT NULL,
  create_time DATETIME(6) NOT NULL,
  PRIMARY KEY (fee_schedule_id),
  UNIQUE KEY fee_schedules_by_date (effective_date),
  KEY fee_schedules_by_time (create_time, fee_schedule_id)
);

-- By which every fee so far was frozen: 12 % and 6 %.
INSERT INTO fee_schedules (fee_schedule_id, effective_date, first_year_rate_basis_points, later_rate_basis_points,
                           create_time) VALUES
  (UNHEX('01206482a0007c1e9d0f666565730001'), '2000-01-01', 1200, 600, '2009-01-01 00:00:00');
