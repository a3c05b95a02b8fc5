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
       {"account_numbers", "activations", "invoice_lines", "payment_allocations", "credit_notes", "credit_note_lines",
        "refunds", "tax_rates", "legal_entities", "fee_schedules", "ledger_entries"}) {
    EXPECT_THAT(ChangesAllowed(schema, table), IsEmpty()) << table;
  }
  EXPECT_THAT(ChangesAllowed(schema, "bank_receipt_references"), ElementsAre("UPDATE receipt_id"));
  EXPECT_THAT(ChangesAllowed(schema, "ledger_transactions"), ElementsAre("UPDATE unsummed_bucket"));
  EXPECT_THAT(ChangesAllowed(schema, "fees"), ElementsAre("UPDATE stated"));
  EXPECT_THAT(ChangesAllowed(schema, "activation_confirmers"),
              ElementsAre("UPDATE confirmer_email", "UPDATE confirmer_name", "UPDATE confirmer_role"));
  for (const char* table : {"bank_receipts", "charges", "fee_segments", "payments", "invoices", "subscriptions",
                            "billing_accounts", "credit_uses", "statements", "payouts", "parked_activations"}) {
    EXPECT_THAT(ChangesAllowed(schema, table), Not(Contains("DELETE"))) << table;
  }
}

}  // namespace
}  // namespace countersign::billing
