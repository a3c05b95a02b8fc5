// What never changes cannot be changed, whatever statement somebody slips in.
#include "common/testing/rights.h"

#include "common/testing/test_database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "link-service/src/store/migrations.h"

namespace countersign::link {
namespace {

using ::countersign::testing::ChangesAllowed;
using ::testing::Contains;
using ::testing::Not;
using ::testing::StartsWith;

TEST(RightsTest, FactsAreOnlyEverAdded) {
  testing::TestDatabase schema(AllMigrations());
  EXPECT_THAT(ChangesAllowed(schema, "new_link_requests"), Not(Contains(StartsWith("UPDATE"))));
  for (const char* table : {"links", "presses"}) {
    EXPECT_THAT(ChangesAllowed(schema, table), Not(Contains("DELETE"))) << table;
  }
}

}  // namespace
}  // namespace countersign::link
