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
using ::testing::ElementsAre;
using ::testing::Not;

TEST(RightsTest, FactsAreOnlyEverAdded) {
  testing::TestDatabase schema(AllMigrations());
  EXPECT_THAT(ChangesAllowed(schema, "presses"), ElementsAre("UPDATE evidence", "UPDATE outcome", "UPDATE salt"));
  for (const char* table : {"new_link_requests", "page_contents"}) {
    EXPECT_THAT(ChangesAllowed(schema, table), ElementsAre("DELETE")) << table;
  }
  EXPECT_THAT(ChangesAllowed(schema, "codes"), Contains("DELETE"));
  for (const char* table : {"links", "receipt_acts"}) {
    EXPECT_THAT(ChangesAllowed(schema, table), Not(Contains("DELETE"))) << table;
  }
}

}  // namespace
}  // namespace countersign::link
