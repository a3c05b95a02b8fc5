#include "partner-service/src/store/migrations.h"

#include "common/events/schema.h"
#include "common/mysql/table.h"
#include "partner-service/migrations.h"
#include "partner-service/src/store/customer_store.h"
#include "partner-service/src/store/partner_store.h"

namespace countersign::partner {

std::vector<mysql::Migrations> AllMigrations() {
  return {
      events::CommonMigrations(),
      {.component = "partner",
       .files = {kMigrations.begin(), kMigrations.end()},
       .insert_only = {"agreements", "agreement_acceptances", "partner_numbers"},
       // Every column, for a put needs the right on all; no row is ever deleted.
       .updated_columns = {{"partners", mysql::ColumnsOf(kPartners)}, {"customers", mysql::ColumnsOf(kCustomers)}}}};
}

}  // namespace countersign::partner
