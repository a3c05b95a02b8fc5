#include "partner-service/src/store/migrations.h"

#include "common/events/schema.h"
#include "partner-service/migrations.h"

namespace countersign::partner {

std::vector<mysql::Migrations> AllMigrations() {
  return {events::CommonMigrations(),
          {.component = "partner",
           .files = {kMigrations.begin(), kMigrations.end()},
           .insert_only = {"agreement_acceptances"}}};
}

}  // namespace countersign::partner
