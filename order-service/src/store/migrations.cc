#include "order-service/src/store/migrations.h"

#include "common/events/schema.h"
#include "common/mysql/table.h"
#include "order-service/migrations.h"
#include "order-service/src/store/order_row.h"

namespace countersign::order {

std::vector<mysql::Migrations> AllMigrations() {
  return {events::CommonMigrations(),
          {.component = "order",
           .files = {kMigrations.begin(), kMigrations.end()},
           .insert_only = {"prices", "price_tiers", "order_revisions", "acceptances", "customer_accounts"},
           // Every column, for a put needs the right on all; no row is ever deleted.
           .updated_columns = {{"orders", mysql::ColumnsOf(kOrders)}}}};
}

}  // namespace countersign::order
