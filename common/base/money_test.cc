#include "common/base/money.h"

#include <cstdint>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck.h"
#include "rapidcheck/gtest.h"

namespace countersign {
namespace {

using ::testing::ElementsAre;

constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

Money Usd(int64_t micros) { return *Money::FromMicros(micros, "USD"); }

// unit price × seats × days ÷ days of the period, and the fee of it: both as text.
std::vector<std::string> LineAndFee(int64_t price_micros, const char* currency, int64_t seats, int days, int of_days) {
  const Money line = *Money::FromMicros(price_micros, currency)->TimesRounded(seats, days, of_days);
  return {line.ToString(), line.TimesRounded(1, 1200, 10000)->ToString()};
}

std::vector<std::string> Texts(const std::vector<Money>& amounts) {
  std::vector<std::string> texts;
  for (const Money& amount : amounts) texts.push_back(amount.ToString());
  return texts;
}

TEST(MoneyTest, ProratesTheWorkedExamplesToTheMinorUnit) {
  EXPECT_THAT(LineAndFee(15'000'000, "USD", 25, 1, 1), ElementsAre("375.00 USD", "45.00 USD"));
  EXPECT_THAT(LineAndFee(15'000'000, "USD", 10, 20, 30), ElementsAre("100.00 USD", "12.00 USD"));
  EXPECT_THAT(LineAndFee(7'250'000, "USD", 7, 13, 31), ElementsAre("21.28 USD", "2.55 USD"));
  EXPECT_THAT(LineAndFee(998'000'000, "JPY", 7, 13, 31), ElementsAre("2930 JPY", "352 JPY"));
  EXPECT_THAT(LineAndFee(3'050'000, "KWD", 7, 13, 31), ElementsAre("8.953 KWD", "1.074 KWD"));
  EXPECT_THAT(LineAndFee(10'000'000, "USD", 7, 14, 28), ElementsAre("35.00 USD", "4.20 USD"));
  EXPECT_THAT(LineAndFee(10'000'000, "USD", 7, 15, 29), ElementsAre("36.21 USD", "4.35 USD"));
  EXPECT_THAT(LineAndFee(10'000'000, "USD", 5, 16, 31), ElementsAre("25.81 USD", "3.10 USD"));
  EXPECT_THAT(LineAndFee(10'000'000, "USD", 2, 16, 31), ElementsAre("10.32 USD", "1.24 USD"));
  EXPECT_THAT(LineAndFee(10'000'000, "USD", 10, 12, 31), ElementsAre("38.71 USD", "4.65 USD"));
}

TEST(MoneyTest, RoundsHalfAwayFromZero) {
  EXPECT_EQ(Usd(50'750'000).TimesRounded(1, 6, 100)->ToString(), "3.05 USD");
  EXPECT_EQ(Usd(-50'750'000).TimesRounded(1, 6, 100)->ToString(), "-3.05 USD");
  EXPECT_EQ(Usd(4'999).TimesRounded(1)->ToString(), "0.00 USD");
  EXPECT_EQ(Usd(5'000).TimesRounded(1)->ToString(), "0.01 USD");
  EXPECT_EQ(*MultiplyDivideRound(-1, 1, 2, 1), -1);
}

TEST(MoneyTest, SplitsTheSevenReversalsCumulatively) {
  EXPECT_THAT(Texts(*Usd(3'050'000).SplitCumulatively(std::vector<int64_t>(7, 7'250'000))),
              ElementsAre("0.44 USD", "0.43 USD", "0.44 USD", "0.43 USD", "0.44 USD", "0.43 USD", "0.44 USD"));
}

TEST(MoneyTest, SplitsACreditIntoNetAndTax) {
  EXPECT_THAT(Texts(*Usd(100'000'000).SplitCumulatively({100, 19})), ElementsAre("84.03 USD", "15.97 USD"));
}

TEST(MoneyTest, GivesTheRemainderOfAFineAmountToTheLastShare) {
  EXPECT_THAT(Texts(*Usd(1'234'567).SplitCumulatively({1, 1, 0})), ElementsAre("0.62 USD", "0.614567 USD", "0.00 USD"));
}

TEST(MoneyTest, RefusesSharesThatCannotBeSplitBy) {
  EXPECT_EQ(DetailsOf(Usd(1).SplitCumulatively({}).status()).reason, "INVALID_SHARES");
  EXPECT_EQ(DetailsOf(Usd(1).SplitCumulatively({0, 0}).status()).reason, "INVALID_SHARES");
  EXPECT_EQ(DetailsOf(Usd(1).SplitCumulatively({2, -1}).status()).reason, "INVALID_SHARES");
  EXPECT_TRUE(absl::IsOutOfRange(Usd(1).SplitCumulatively({kMax, 1}).status()));
}

TEST(MoneyTest, KnowsTheMinorUnits) {
  EXPECT_EQ(*MinorUnitDigits("USD"), 2);
  EXPECT_EQ(*MinorUnitDigits("ZWG"), 2);
  EXPECT_EQ(*MinorUnitDigits("AED"), 2);
  EXPECT_EQ(*MinorUnitDigits("JPY"), 0);
  EXPECT_EQ(*MinorUnitDigits("KWD"), 3);
  EXPECT_EQ(*MinorUnitDigits("CLF"), 4);
  for (const char* unknown : {"", "XXX", "usd", "US", "USDX", "D A", "ED ", "DEM", "HRK", "XAU"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(MinorUnitDigits(unknown).status())) << unknown;
  }
}

TEST(MoneyTest, RefusesWhatTheEdgeMustNotAccept) {
  constexpr int64_t kTrillion = 1'000'000'000'000;
  EXPECT_EQ(Money::FromUnitsAndNanos(-1, -750'000'000, "USD")->micros(), -1'750'000);
  EXPECT_EQ(Money::FromUnitsAndNanos(kTrillion, 0, "USD")->micros(), Money::kMaxMicros);
  EXPECT_TRUE(absl::IsInvalidArgument(Money::FromUnitsAndNanos(1, -1000, "USD").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(Money::FromUnitsAndNanos(-1, 1000, "USD").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(Money::FromUnitsAndNanos(1, 1, "USD").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(Money::FromUnitsAndNanos(0, 1'000'000'000, "USD").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(Money::FromUnitsAndNanos(1, 0, "XXX").status()));
  EXPECT_TRUE(absl::IsOutOfRange(Money::FromUnitsAndNanos(kTrillion, 1000, "USD").status()));
  EXPECT_TRUE(absl::IsOutOfRange(Money::FromUnitsAndNanos(kMin, 0, "USD").status()));
  EXPECT_TRUE(absl::IsOutOfRange(Money::FromMicros(kMin, "USD").status()));
}

TEST(MoneyTest, MakesOverflowAnError) {
  EXPECT_TRUE(absl::IsOutOfRange(Usd(Money::kMaxMicros).Plus(Usd(1)).status()));
  EXPECT_TRUE(absl::IsOutOfRange(Usd(-Money::kMaxMicros).Minus(Usd(1)).status()));
  EXPECT_TRUE(absl::IsOutOfRange(Usd(Money::kMaxMicros).TimesRounded(2).status()));
  EXPECT_TRUE(absl::IsOutOfRange(Usd(Money::kMaxMicros).TimesRounded(kMin, kMin, 1).status()));
  EXPECT_TRUE(absl::IsOutOfRange(MultiplyDivideRound(kMax, 2, 1, 1).status()));
  EXPECT_EQ(*MultiplyDivideRound(kMin, kMax, kMax, 1), kMin);
  EXPECT_TRUE(absl::IsOutOfRange(MultiplyDivideRound(kMin, -1, 1, 1).status()));
}

TEST(MoneyTest, NeverAddsTwoCurrencies) {
  EXPECT_EQ(DetailsOf(Usd(1).Plus(*Money::Zero("EUR")).status()).reason, "CURRENCY_MISMATCH");
}

TEST(MoneyTest, PrintsWhatTheAmountHas) {
  EXPECT_EQ(Usd(-5'000).ToString(), "-0.005 USD");
  EXPECT_EQ(Usd(1).ToString(), "0.000001 USD");
  EXPECT_EQ(Usd(-1'234'567'500'000).ToDisplayString(), "-$1,234,567.50");
  EXPECT_EQ(Usd(375'000'000).ToDisplayString(), "$375.00");
  EXPECT_EQ(Money::FromMicros(2'930'000'000, "JPY")->ToDisplayString(), "2,930 JPY");
  EXPECT_EQ(Usd(-1'750'000).units(), -1);
  EXPECT_EQ(Usd(-1'750'000).nanos(), -750'000'000);
}

RC_GTEST_PROP(MoneyProperty, PartsOfASplitAddUp, ()) {
  const int64_t micros = *rc::gen::inRange<int64_t>(-Money::kMaxMicros, Money::kMaxMicros + 1);
  const auto shares = *rc::gen::nonEmpty(rc::gen::container<std::vector<int64_t>>(rc::gen::inRange<int64_t>(0, 1000)));
  RC_PRE(std::accumulate(shares.begin(), shares.end(), int64_t{0}) > 0);
  const std::vector<Money> parts = *Usd(micros).SplitCumulatively(shares);
  RC_ASSERT(parts.size() == shares.size());
  int64_t sum = 0;
  for (const Money& part : parts) sum += part.micros();
  RC_ASSERT(sum == micros);
}

RC_GTEST_PROP(MoneyProperty, RoundingIsTheNearestMultipleAndSymmetric, ()) {
  const int64_t value = *rc::gen::inRange<int64_t>(-1'000'000'000'000, 1'000'000'000'000);
  const int64_t numerator = *rc::gen::inRange<int64_t>(0, 400);
  const int64_t denominator = *rc::gen::inRange<int64_t>(1, 400);
  const int64_t quantum = *rc::gen::element<int64_t>(1, 100, 1000, 10'000, 1'000'000);
  const int64_t rounded = *MultiplyDivideRound(value, numerator, denominator, quantum);
  RC_ASSERT(rounded % quantum == 0);
  const int64_t twice_error = 2 * (rounded * denominator - value * numerator);
  RC_ASSERT(std::abs(twice_error) <= quantum * denominator);
  if (std::abs(twice_error) == quantum * denominator)
    RC_ASSERT(std::abs(rounded * denominator) > std::abs(value * numerator));
  RC_ASSERT(*MultiplyDivideRound(-value, numerator, denominator, quantum) == -rounded);
}

}  // namespace
}  // namespace countersign
