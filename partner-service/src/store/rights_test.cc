// What never changes cannot be changed, whatever statement somebody slips in.
#include "common/testing/rights.h"

#include "common/testing/test_database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "partner-service/src/store/migrations.h"

namespace countersign::partner {
namespace {

using ::countersign::testing::ChangesAllowed;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(RightsTest, FactsAreOnlyEverAdded) {
  testing::TestDatabase schema(AllMigrations());
  for (const char* table : {"agreements", "agreement_acceptances", "partner_numbers"}) {
    EXPECT_THAT(ChangesAllowed(schema, table), IsEmpty()) << table;
  }
  EXPECT_THAT(ChangesAllowed(schema, "stored_replies"), ElementsAre("DELETE"));  // Once nobody may ask for them again.
  for (const char* table : {"partners", "customers"}) {
    EXPECT_THAT(ChangesAllowed(schema, table), Not(Contains("DELETE"))) << table;
  }
}

}  // namespace
}  // namespace countersign::partner
