#include "order-service/src/store/migrations.h"

#include <string>

#include "common/events/schema.h"
#include "order-service/migrations.h"
#include "order-service/src/store/order_row.h"

namespace countersign::order {

std::vector<mysql::Migrations> AllMigrations() {
  return {events::CommonMigrations(),
          {.component = "order",
           .files = {kMigrations.begin(), kMigrations.end()},
           .insert_only = {"prices", "price_tiers", "order_revisions", "acceptances"},
           .updated_columns = {{"orders", std::string(kOrders.changing)}}}};
}

}  // namespace countersign::order
