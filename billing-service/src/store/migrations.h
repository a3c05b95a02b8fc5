// The schema of billing-service.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_MIGRATIONS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_MIGRATIONS_H_

#include <vector>

#include "common/mysql/migrate.h"

namespace countersign::billing {

// The tables that every service has, then those of this one.
std::vector<mysql::Migrations> AllMigrations();

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_MIGRATIONS_H_
