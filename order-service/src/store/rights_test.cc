// What never changes cannot be changed, whatever statement somebody slips in.
#include "common/testing/rights.h"

#include "common/testing/test_database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "order-service/src/store/migrations.h"

namespace countersign::order {
namespace {

using ::countersign::testing::ChangesAllowed;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

TEST(RightsTest, FactsAreOnlyEverAdded) {
  testing::TestDatabase schema(AllMigrations());
  for (const char* table : {"prices", "price_tiers"}) {
    EXPECT_THAT(ChangesAllowed(schema, table), IsEmpty()) << table;
  }
  EXPECT_THAT(ChangesAllowed(schema, "orders"), Not(Contains("DELETE")));
  // What an erasure empties.
  EXPECT_THAT(ChangesAllowed(schema, "order_revisions"),
              UnorderedElementsAre("UPDATE state_reason", "UPDATE customer_note"));
  EXPECT_THAT(
      ChangesAllowed(schema, "acceptances"),
      UnorderedElementsAre("UPDATE purchase_order_number", "UPDATE company_name", "UPDATE billing_email",
                           "UPDATE billing_address", "UPDATE ip_address", "UPDATE user_agent", "UPDATE confirmer_name",
                           "UPDATE confirmer_title", "UPDATE confirmer_email", "UPDATE tax_id"));
}

}  // namespace
}  // namespace countersign::order
