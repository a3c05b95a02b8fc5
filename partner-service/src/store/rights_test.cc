// What never changes cannot be changed, whatever statement somebody slips in.
#include "common/testing/rights.h"

#include "common/testing/test_database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "partner-service/src/store/migrations.h"

namespace countersign::partner {
namespace {

using ::countersign::testing::ChangesAllowed;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(RightsTest, FactsAreOnlyEverAdded) {
  testing::TestDatabase schema(AllMigrations());
  for (const char* table : {"agreements", "agreement_acceptances", "partner_numbers", "stored_replies"}) {
    EXPECT_THAT(ChangesAllowed(schema, table), IsEmpty()) << table;
  }
  EXPECT_THAT(ChangesAllowed(schema, "api_keys"),
              ElementsAre("UPDATE last_use_time", "UPDATE revoke_time", "UPDATE update_time", "UPDATE version"));
  EXPECT_THAT(ChangesAllowed(schema, "authorizations"),
              ElementsAre("UPDATE end_time", "UPDATE update_time", "UPDATE version"));
}

}  // namespace
}  // namespace countersign::partner
