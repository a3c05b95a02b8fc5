#include "order-service/src/store/migrations.h"

#include <string>

#include "common/events/schema.h"
#include "order-service/migrations.h"
#include "order-service/src/store/acceptance_row.h"

namespace countersign::order {

std::vector<mysql::Migrations> AllMigrations() {
  return {events::CommonMigrations(),
          {.component = "order",
           .files = {kMigrations.begin(), kMigrations.end()},
           .insert_only = {"prices", "price_tiers", "customer_accounts"},
           // Emptied by an erasure.
           .updated_columns = {{"order_revisions", "state_reason, customer_note"},
                               {"acceptances", std::string(kPersonalColumns)}}}};
}

}  // namespace countersign::order
