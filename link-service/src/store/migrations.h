// The schema of link-service.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_STORE_MIGRATIONS_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_STORE_MIGRATIONS_H_

#include <vector>

#include "common/mysql/migrate.h"

namespace countersign::link {

// The tables of every service, then those of this one.
std::vector<mysql::Migrations> AllMigrations();

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_STORE_MIGRATIONS_H_
