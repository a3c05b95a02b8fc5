#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_STORE_SCHEMA_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_STORE_SCHEMA_H_

#include "common/mysql/migrate.h"

namespace countersign::order {

// The migrations of this service's own tables, component "order".
mysql::Migrations OrderMigrations();

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_STORE_SCHEMA_H_
