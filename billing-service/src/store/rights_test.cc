// What never changes cannot be changed, whatever statement somebody slips in.
#include "common/testing/rights.h"

#include "billing-service/src/store/migrations.h"
#include "common/testing/test_database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::ChangesAllowed;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(RightsTest, FactsAreOnlyEverAdded) {
  testing::TestDatabase schema(AllMigrations());
  for (const char* table :
       {"account_numbers", "activations", "invoice_lines", "payment_allocations", "fees", "credit_notes",
        "credit_note_lines", "refunds", "tax_rates", "legal_entities", "fee_schedules", "ledger_entries"}) {
    EXPECT_THAT(ChangesAllowed(schema, table), IsEmpty()) << table;
  }
  EXPECT_THAT(ChangesAllowed(schema, "bank_receipt_references"), ElementsAre("UPDATE receipt_id"));
  EXPECT_THAT(ChangesAllowed(schema, "ledger_transactions"), ElementsAre("UPDATE unsummed_bucket"));
  EXPECT_THAT(ChangesAllowed(schema, "bank_receipts"), Not(Contains("DELETE")));
  EXPECT_THAT(ChangesAllowed(schema, "charges"), Not(Contains("DELETE")));
  EXPECT_THAT(ChangesAllowed(schema, "fee_segments"), Not(Contains("DELETE")));
}

}  // namespace
}  // namespace countersign::billing
