#include "billing-service/src/store/migrations.h"

#include <string>

#include "billing-service/migrations.h"
#include "billing-service/src/store/fee_store.h"
#include "common/events/schema.h"

namespace countersign::billing {

std::vector<mysql::Migrations> AllMigrations() {
  return {events::CommonMigrations(),
          {.component = "billing",
           .files = {kMigrations.begin(), kMigrations.end()},
           .insert_only = {"account_numbers", "activations", "invoice_lines", "bank_receipts",
                           "bank_receipt_references", "payment_allocations", "fees"},
           .updated_columns = {{"payments", "state, version"}, {"fee_segments", std::string(kFeeSegments.changing)}}}};
}

}  // namespace countersign::billing
