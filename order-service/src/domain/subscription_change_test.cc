#include "order-service/src/domain/subscription_change.h"

#include <string>
#include <vector>

#include "common/base/error.h"
#include "common/testing/status_matchers.h"
#include "gtest/gtest.h"
#include "order-service/src/domain/test_catalogue.h"
#include "order-service/src/domain/test_order.h"

namespace countersign::order {
namespace {

using ::countersign::testing::HasReason;
using ::testing::ElementsAre;

// 240 seats of the suite, until 2010-06-01.
Subscription Suite(int64_t seats = 240) {
  return {.name = {TestId("account"), TestId("subscription")},
          .partner_of_record = TestId("partner"),
          .offer_id = "bpos-standard-suite",
          .seats = seats,
          .currency = "USD",
          .renewal_date = Date(2010, 6, 1)};
}

RequestedLine Add(int64_t seats, std::string promotion = "") {
  return {.offer_id = "", .quantity = *Quantity::Of(seats), .promotion_id = std::move(promotion)};
}

RequestedLine AtRenewal(int64_t seats) {
  return {.offer_id = "", .quantity = *Quantity::Of(seats), .at_renewal = true};
}

std::vector<std::string> FaultsOf(const absl::Status& status) {
  std::vector<std::string> fields;
  for (const FieldViolation& violation : DetailsOf(status).violations) fields.push_back(violation.field);
  return fields;
}

const absl::Time kDecember = StartOf(Date(2009, 12, 1));

TEST(SubscriptionChangeTest, AddedSeatsTakeTheTierOfAllSeatsAndTheVersionInForceNow) {
  ASSERT_OK_AND_ASSIGN(const PricedLines twenty,
                       PriceChange(TestCatalogue(), OrderKind::kChangeSeats, Add(20), Suite(), "USD", kDecember));
  EXPECT_EQ(twenty.lines[0].unit_price.ToString(), "9.50 USD");
  EXPECT_EQ(twenty.total.ToString(), "190.00 USD");
  EXPECT_EQ(twenty.lines[0].seats_before, 240);
  EXPECT_EQ(twenty.lines[0].seats_after, 260);
  EXPECT_EQ(twenty.lines[0].tier_minimum, 250);
  ASSERT_OK_AND_ASSIGN(const PricedLines nine,
                       PriceChange(TestCatalogue(), OrderKind::kChangeSeats, Add(9), Suite(), "USD", TestMorning()));
  EXPECT_EQ(nine.lines[0].unit_price.ToString(), "15.00 USD");
}

TEST(SubscriptionChangeTest, ARenewalTakesTheVersionInForceOnTheRenewalDayAndOneTierForAllSeats) {
  ASSERT_OK_AND_ASSIGN(const PricedLines renewed,
                       PriceChange(TestCatalogue(), OrderKind::kRenew, AtRenewal(260), Suite(), "USD", TestMorning()));
  EXPECT_EQ(renewed.lines[0].price_id, "usd-2009-11");
  EXPECT_EQ(renewed.total.ToString(), "2470.00 USD");
  ASSERT_OK_AND_ASSIGN(const PricedLines small,
                       PriceChange(TestCatalogue(), OrderKind::kRenew, AtRenewal(25), Suite(25), "USD", TestMorning()));
  EXPECT_EQ(small.total.ToString(), "250.00 USD");
}

TEST(SubscriptionChangeTest, AQuantityFromTheRenewalOnHasNoPriceYet) {
  ASSERT_OK_AND_ASSIGN(const PricedLines fewer,
                       PriceChange(TestCatalogue(), OrderKind::kChangeSeats, AtRenewal(20), Suite(), "USD", kDecember));
  EXPECT_EQ(fewer.total.ToString(), "0.00 USD");
  EXPECT_EQ(fewer.lines[0].price_id, "");
  EXPECT_EQ(fewer.lines[0].seats_after, 20);
}

TEST(SubscriptionChangeTest, APromotionIsForAddedSeatsInsideItsWindow) {
  ASSERT_OK_AND_ASSIGN(const PricedLines added, PriceChange(TestCatalogue(), OrderKind::kChangeSeats, Add(2, "eight"),
                                                            Suite(25), "USD", kDecember));
  EXPECT_EQ(added.lines[0].unit_price.ToString(), "8.00 USD");
  EXPECT_EQ(added.lines[0].list_unit_price.ToString(), "10.00 USD");
  EXPECT_THAT(FaultsOf(PriceChange(TestCatalogue(), OrderKind::kChangeSeats, Add(2, "eight"), Suite(25), "USD",
                                   StartOf(Date(2010, 8, 16)))
                           .status()),
              ElementsAre("order.lines[0].promotion"));
  RequestedLine renewal = AtRenewal(25);
  renewal.promotion_id = "eight";
  EXPECT_THAT(FaultsOf(PriceChange(TestCatalogue(), OrderKind::kRenew, renewal, Suite(25), "USD", kDecember).status()),
              ElementsAre("order.lines[0].promotion"));
}

TEST(SubscriptionChangeTest, NamesWhatCannotBe) {
  const auto faults = [](const RequestedLine& wanted, const char* currency = "USD") {
    return FaultsOf(
        PriceChange(TestCatalogue(), OrderKind::kChangeSeats, wanted, Suite(), currency, kDecember).status());
  };
  EXPECT_THAT(faults(AtRenewal(4)), ElementsAre("order.lines[0].quantity"));
  EXPECT_THAT(faults(Add(999'990)), ElementsAre("order.lines[0].quantity"));
  EXPECT_THAT(faults(Add(1), "JPY"), ElementsAre("order.currency_code"));
  RequestedLine other = Add(1);
  other.offer_id = "sharepoint-online";
  EXPECT_THAT(faults(other), ElementsAre("order.lines[0].offer"));
}

TEST(SubscriptionChangeTest, OnlyThePartnerOfRecordChangesItAndOnlyInItsTerm) {
  EXPECT_OK(CheckMayChange(Suite(), TestId("partner"), kDecember));
  EXPECT_THAT(CheckMayChange(Suite(), TestId("another"), kDecember), HasReason("NOT_PARTNER_OF_RECORD"));
  EXPECT_THAT(CheckMayChange(Suite(), TestId("partner"), StartOf(Date(2010, 6, 1))), HasReason("TERM_ENDED"));
}

}  // namespace
}  // namespace countersign::order
