#include "billing-service/src/store/migrations.h"

#include "billing-service/migrations.h"
#include "common/events/schema.h"

namespace countersign::billing {

std::vector<mysql::Migrations> AllMigrations() {
  return {events::CommonMigrations(),
          {.component = "billing",
           .files = {kMigrations.begin(), kMigrations.end()},
           .insert_only = {"activations", "invoice_lines", "fees", "credit_notes", "credit_note_lines", "refunds",
                           "tax_rates", "small_differences"}}};
}

}  // namespace countersign::billing
