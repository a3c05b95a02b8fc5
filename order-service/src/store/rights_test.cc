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

TEST(RightsTest, FactsAreOnlyEverAdded) {
  testing::TestDatabase schema(AllMigrations());
  for (const char* table : {"prices", "price_tiers", "order_revisions", "acceptances"}) {
    EXPECT_THAT(ChangesAllowed(schema, table), IsEmpty()) << table;
  }
  EXPECT_THAT(ChangesAllowed(schema, "orders"), Not(Contains("DELETE")));
}

}  // namespace
}  // namespace countersign::order
