// The schema of partner-service.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_MIGRATIONS_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_MIGRATIONS_H_

#include <vector>

#include "common/mysql/migrate.h"

namespace countersign::partner {

// The tables that every service has, then those of this one.
std::vector<mysql::Migrations> AllMigrations();

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_STORE_MIGRATIONS_H_
