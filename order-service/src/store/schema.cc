#include "order-service/src/store/schema.h"

#include "order-service/migrations.h"

namespace countersign::order {

mysql::Migrations OrderMigrations() { return {"order", {kMigrations.begin(), kMigrations.end()}}; }

}  // namespace countersign::order
