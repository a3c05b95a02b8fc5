#include "order-service/src/domain/order_number.h"

#include "absl/time/clock.h"
#include "common/base/uuid.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::order {
namespace {

TEST(OrderNumberTest, IsTheLastSixtyBitsInCrockfordsBase32) {
  EXPECT_EQ(OrderNumber(*Uuid::Parse("01234567-89ab-8def-8000-000000000000")), "CS-0000-0000-0000");
  EXPECT_EQ(OrderNumber(*Uuid::Parse("01234567-89ab-8def-8000-00000000001f")), "CS-0000-0000-000Z");
  EXPECT_EQ(OrderNumber(*Uuid::Parse("01234567-89ab-8def-bfff-ffffffffffff")), "CS-ZZZZ-ZZZZ-ZZZZ");
}

TEST(OrderNumberTest, HasTwelveDigitsThatNobodyMixesUp) {
  for (int i = 0; i < 100; ++i) {
    EXPECT_THAT(OrderNumber(Uuid::V7(absl::Now())),
                ::testing::MatchesRegex("CS-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}"));
  }
}

}  // namespace
}  // namespace countersign::order
