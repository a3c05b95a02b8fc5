#include "order-service/src/domain/price_resolution.h"

#include "common/testing/status_matchers.h"
#include "gtest/gtest.h"
#include "order-service/src/domain/test_catalogue.h"

namespace countersign::order {
namespace {

using ::countersign::testing::HasReason;

const absl::Time kNow = StartOf(Date(2009, 6, 1)) + absl::Hours(9);

absl::StatusOr<PriceAnswer> Resolve(const char* offer, const PriceQuestion& question) {
  static const auto* const catalogue = new Catalogue(TestCatalogue());
  return ResolvePrice(*catalogue->Find(offer), question, kNow);
}

PriceQuestion Ask(int64_t seats, std::optional<Date> date = {}) {
  return {.currency = "USD", .region = "", .quantity = *Quantity::Of(seats), .date = date};
}

TEST(PriceResolutionTest, TakesTheVersionInForceOnTheDayAndTheTierThatTheSeatsReach) {
  struct Example {
    int64_t seats;
    std::optional<Date> date;
    const char* price;
    const char* unit_price;
  };
  const Example examples[] = {
      {25, {}, "usd-2009-01", "15.00 USD"},
      {25, Date(2009, 11, 1), "usd-2009-01", "15.00 USD"},
      {25, Date(2009, 11, 2), "usd-2009-11", "10.00 USD"},
      {249, Date(2010, 6, 1), "usd-2009-11", "10.00 USD"},
      {250, Date(2010, 6, 1), "usd-2009-11", "9.50 USD"},
      {260, Date(2009, 6, 1), "usd-2009-01", "14.25 USD"},
  };
  for (const Example& example : examples) {
    ASSERT_OK_AND_ASSIGN(const PriceAnswer answer, Resolve("bpos-standard-suite", Ask(example.seats, example.date)));
    EXPECT_EQ(answer.price->id, example.price);
    EXPECT_EQ(answer.tier->unit_price.ToString(), example.unit_price);
  }
}

TEST(PriceResolutionTest, ExplainsItsChoice) {
  ASSERT_OK_AND_ASSIGN(const PriceAnswer answer, Resolve("bpos-standard-suite", Ask(25)));
  EXPECT_EQ(answer.explanation,
            (std::vector<std::string>{
                "Version usd-2009-01 is in force from 2009-01-01 00:00:00 UTC: the last in USD at 2009-06-01 09:00:00 "
                "UTC.",
                "All 25 seats take the tier from 5 of 2 tiers: 15.00 USD per seat and month.",
                "Version usd-2009-11 follows from 2009-11-02 00:00:00 UTC."}));
}

TEST(PriceResolutionTest, ARetiredOfferIsNotSoldButRenewsAtTheLastVersionInForceWhenItWasRetired) {
  EXPECT_THAT(Resolve("retired", Ask(25)), HasReason("OFFER_RETIRED"));
  PriceQuestion renewal = Ask(25, Date(2010, 6, 1));
  renewal.renewal = true;
  ASSERT_OK_AND_ASSIGN(const PriceAnswer answer, Resolve("retired", renewal));
  EXPECT_EQ(answer.price->id, "usd");
  EXPECT_EQ(answer.tier->unit_price.ToString(), "1.00 USD");
}

TEST(PriceResolutionTest, RefusesWhatIsNotForSaleAndSaysWhy) {
  EXPECT_THAT(Resolve("bpos-standard-suite", Ask(4)), HasReason("QUANTITY_NOT_ALLOWED"));
  PriceQuestion yen = Ask(25);
  yen.currency = "JPY";
  EXPECT_THAT(Resolve("bpos-standard-suite", yen), HasReason("PRICE_NOT_FOUND_IN_CURRENCY"));
  EXPECT_THAT(Resolve("bpos-standard-suite", Ask(25, Date(2008, 12, 31))), HasReason("PRICE_NOT_FOUND_IN_CURRENCY"));
  Offer local = *TestCatalogue().Find("sharepoint-online");
  local.regions = {"DE", "FR"};
  local.maximum_quantity = 30;
  PriceQuestion question = Ask(25);
  question.region = "FR";
  EXPECT_OK(ResolvePrice(local, question, kNow));
  question.region = "US";
  EXPECT_THAT(ResolvePrice(local, question, kNow), HasReason("OFFER_NOT_IN_REGION"));
  EXPECT_THAT(ResolvePrice(local, Ask(31), kNow), HasReason("QUANTITY_NOT_ALLOWED"));
  question.renewal = true;
  EXPECT_OK(ResolvePrice(local, question, kNow));
}

TEST(PriceResolutionTest, ARenewalOfFewerSeatsThanTheFirstTierTakesItsPrice) {
  PriceQuestion renewal = Ask(3);
  renewal.renewal = true;
  ASSERT_OK_AND_ASSIGN(const PriceAnswer answer, Resolve("bpos-standard-suite", renewal));
  EXPECT_EQ(answer.tier->unit_price.ToString(), "15.00 USD");
  EXPECT_THAT(answer.explanation[1], ::testing::HasSubstr("fewer than the first tier's 5"));
}

}  // namespace
}  // namespace countersign::order
