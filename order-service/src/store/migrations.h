// The schema of order-service.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_STORE_MIGRATIONS_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_STORE_MIGRATIONS_H_

#include <vector>

#include "common/mysql/migrate.h"

namespace countersign::order {

// The tables that every service has, then those of this one.
std::vector<mysql::Migrations> AllMigrations();

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_STORE_MIGRATIONS_H_
