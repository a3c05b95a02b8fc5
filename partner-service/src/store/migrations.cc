#include "partner-service/src/store/migrations.h"

#include "common/events/schema.h"
#include "partner-service/migrations.h"

namespace countersign::partner {

std::vector<mysql::Migrations> AllMigrations() {
  return {events::CommonMigrations(),
          {.component = "partner",
           .files = {kMigrations.begin(), kMigrations.end()},
           .insert_only = {"agreements", "agreement_acceptances", "partner_numbers"}}};
}

}  // namespace countersign::partner
