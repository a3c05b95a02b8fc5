#include "billing-service/src/domain/fee.h"

#include <vector>

#include "absl/status/status.h"
#include "billing-service/src/domain/test_terms.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

using ::testing::ElementsAre;

Money SumOf(const std::vector<Money>& amounts) {
  Money sum = Usd(0);
  for (const Money& amount : amounts) sum = *sum.Plus(amount);
  return sum;
}

TEST(FeeTest, SegmentsCoverTheServicePeriodExactlyOnce) {
  const Period june = {Day("2010-06-01"), Day("2010-07-01")};
  EXPECT_THAT(FreezeFeeSegments(IdOf("A"), 1, Day("2009-06-02"), june, StandardSchedule()),
              ElementsAre(FeeSegment{IdOf("A"), 1, 1200, 1}, FeeSegment{IdOf("A"), 1, 600, 29}));
  EXPECT_THAT(FreezeFeeSegments(IdOf("A"), 1, Day("2009-06-01"), june, StandardSchedule()),
              ElementsAre(FeeSegment{IdOf("A"), 1, 600, 30}));
  EXPECT_THAT(FreezeFeeSegments(IdOf("A"), 1, Day("2009-07-01"), june, StandardSchedule()),
              ElementsAre(FeeSegment{IdOf("A"), 1, 1200, 30}));
}

TEST(FeeTest, EntriesOfALineAddUpToItsFeeRoundedOnce) {
  for (int64_t cents = 1; cents < 400; ++cents) {
    for (int64_t first = 1; first < 31; ++first) {
      const std::vector<Money> entries =
          *FeeAmounts(Usd(cents), {{IdOf("A"), 1, 1200, first}, {IdOf("A"), 1, 600, 31 - first}});
      EXPECT_EQ(SumOf(entries), *Usd(cents).TimesRounded(1, 1200 * first + 600 * (31 - first), 310'000));
    }
  }
}

TEST(FeeTest, RefusesALineWithoutDays) {
  EXPECT_EQ(FeeAmounts(Usd(375'00), {}).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(FeeTest, ReversalsOfAWholeLineAddUpToTheEntry) {
  Money reversed = Usd(0);
  for (int64_t credited = 0; credited < 50'75; ++credited) {
    const Money reversal = *FeeReversal(Usd(3'05), Usd(50'75), Usd(credited), Usd(1));
    EXPECT_LE(reversal.micros(), 0);
    reversed = *reversed.Plus(reversal);
  }
  EXPECT_EQ(reversed, Usd(-3'05));
}

TEST(FeeTest, NeverReversesMoreThanTheEntry) {
  EXPECT_EQ(DetailsOf(FeeReversal(Usd(45'00), Usd(375'00), Usd(375'00), Usd(1)).status()).reason,
            "CREDIT_EXCEEDS_LINE");
  EXPECT_EQ(FeeReversal(Usd(45'00), Usd(375'00), Usd(0), Usd(-1)).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(FeeTest, IdDiffersForEveryPartThatMakesAFee) {
  const Uuid id = FeeId(IdOf("invoice"), 1, 1, {});
  EXPECT_EQ(FeeId(IdOf("invoice"), 1, 1, {1, 0}), id);
  EXPECT_NE(FeeId(IdOf("other"), 1, 1, {}), id);
  EXPECT_NE(FeeId(IdOf("invoice"), 2, 1, {}), id);
  EXPECT_NE(FeeId(IdOf("invoice"), 1, 2, {}), id);
  EXPECT_NE(FeeId(IdOf("invoice"), 1, 1, {2, 0}), id);
  EXPECT_NE(FeeId(IdOf("invoice"), 1, 1, {1, 1}), id);
}

}  // namespace
}  // namespace countersign::billing
