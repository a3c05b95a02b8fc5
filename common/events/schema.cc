#include "common/events/schema.h"

#include "common/events/migrations.h"

namespace countersign::events {

mysql::Migrations CommonMigrations() {
  return {.component = "common",
          .files = {kCommonMigrations.begin(), kCommonMigrations.end()},
          .expiring = {"stored_replies"},
          .deleted = {"held_deliveries", "lease_owners"},
          .updated_columns = {{"events", "position, seal, salt"}}};
}

}  // namespace countersign::events
