#include "order-service/src/store/migrations.h"

#include "common/events/schema.h"
#include "order-service/migrations.h"

namespace countersign::order {

std::vector<mysql::Migrations> AllMigrations() {
  return {events::CommonMigrations(),
          {.component = "order",
           .files = {kMigrations.begin(), kMigrations.end()},
           .insert_only = {"prices", "price_tiers", "acceptances"}}};
}

}  // namespace countersign::order
