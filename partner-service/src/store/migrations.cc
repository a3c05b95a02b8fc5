#include "partner-service/src/store/migrations.h"

#include <string>

#include "common/events/schema.h"
#include "partner-service/migrations.h"
#include "partner-service/src/store/customer_store.h"
#include "partner-service/src/store/partner_store.h"

namespace countersign::partner {

std::vector<mysql::Migrations> AllMigrations() {
  return {events::CommonMigrations(),
          {.component = "partner",
           .files = {kMigrations.begin(), kMigrations.end()},
           .insert_only = {"agreements", "agreement_acceptances", "partner_numbers"},
           .updated_columns = {{"partners", std::string(kPartners.changing)},
                               {"customers", std::string(kCustomers.changing)},
                               {"authorizations", "end_time, version, update_time"},
                               {"api_keys", "revoke_time, version, update_time, last_use_time"}}}};
}

}  // namespace countersign::partner
