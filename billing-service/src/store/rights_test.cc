// What never changes cannot be changed, whatever statement somebody slips in.
#include "common/testing/rights.h"

#include "billing-service/src/store/migrations.h"
#include "common/testing/test_database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::ChangesAllowed;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(RightsTest, FactsAreOnlyEverAdded) {
  testing::TestDatabase schema(AllMigrations());
  for (const char* table :
       {"account_numbers", "activations", "invoice_lines", "bank_receipts", "bank_receipt_references",
        "payment_allocations", "fees", "ledger_transactions", "ledger_entries"}) {
    EXPECT_THAT(ChangesAllowed(schema, table), IsEmpty()) << table;
  }
  EXPECT_THAT(ChangesAllowed(schema, "payments"), ElementsAre("UPDATE state", "UPDATE version"));
  EXPECT_THAT(ChangesAllowed(schema, "fee_segments"), ElementsAre("UPDATE earn_time", "UPDATE earned_micros"));
}

}  // namespace
}  // namespace countersign::billing
