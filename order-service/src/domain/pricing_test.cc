#include "order-service/src/domain/pricing.h"

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/date.h"
#include "common/base/error.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "order-service/src/domain/catalogue.h"
#include "order-service/src/domain/quantity.h"
#include "order-service/src/domain/test_catalogue.h"

namespace countersign::order {
namespace {

using ::countersign::testing::HasReason;
using ::testing::ElementsAre;

const absl::Time kJune = StartOf(Date(2009, 6, 1));

std::vector<RequestedLine> Asking(const std::string& offer, int64_t seats) { return {{offer, *Quantity::Of(seats)}}; }

std::vector<std::string> FieldsOf(const absl::Status& status) {
  std::vector<std::string> fields;
  for (const FieldViolation& violation : DetailsOf(status).violations) fields.push_back(violation.field);
  return fields;
}

TEST(QuantityTest, IsFromOneToAMillion) {
  EXPECT_TRUE(Quantity::Of(1).ok());
  EXPECT_TRUE(Quantity::Of(1'000'000).ok());
  for (const int64_t seats : {INT64_C(0), INT64_C(-1), INT64_C(1'000'001), INT64_MIN, INT64_MAX}) {
    EXPECT_FALSE(Quantity::Of(seats).ok()) << seats;
  }
}

TEST(PricingTest, PricesTheWorkedExamplesToTheCent) {
  struct Example {
    const char* offer;
    int64_t seats;
    const char* currency;
    int months;
    Date date;
    const char* amount;
  };
  const Example examples[] = {
      {"bpos-standard-suite", 25, "USD", 1, Date(2009, 6, 1), "375.00 USD"},
      {"bpos-standard-suite", 25, "USD", 12, Date(2009, 6, 1), "4500.00 USD"},
      {"bpos-standard-suite", 25, "USD", 1, Date(2009, 11, 1), "375.00 USD"},
      {"bpos-standard-suite", 25, "USD", 1, Date(2009, 11, 2), "250.00 USD"},
      {"bpos-standard-suite", 240, "USD", 1, Date(2009, 12, 1), "2400.00 USD"},
      {"bpos-standard-suite", 249, "USD", 1, Date(2009, 12, 1), "2490.00 USD"},
      {"bpos-standard-suite", 250, "USD", 1, Date(2009, 12, 1), "2375.00 USD"},
      {"bpos-standard-suite", 260, "USD", 1, Date(2009, 12, 1), "2470.00 USD"},
      {"sharepoint-online", 7, "USD", 1, Date(2009, 6, 1), "50.75 USD"},
      {"sharepoint-online", 7, "JPY", 1, Date(2009, 6, 1), "6986 JPY"},
      {"sharepoint-online", 7, "KWD", 1, Date(2009, 6, 1), "21.350 KWD"},
      {"bpos-standard-suite", 1'000'000, "USD", 12, Date(2009, 6, 1), "171000000.00 USD"},
  };
  for (const Example& example : examples) {
    ASSERT_OK_AND_ASSIGN(const PricedLines priced,
                         PriceLines(TestCatalogue(), Asking(example.offer, example.seats),
                                    PricingAt(example.currency, example.months, StartOf(example.date))));
    EXPECT_EQ(priced.lines[0].amount.ToString(), example.amount) << example.offer << " × " << example.seats;
    EXPECT_EQ(priced.total, priced.lines[0].amount);
  }
}

TEST(PricingTest, TakesTheVersionInForceAtThatInstant) {
  const absl::Time change = StartOf(Date(2009, 11, 2));
  const auto price_at = [](absl::Time time) {
    return PriceLines(TestCatalogue(), Asking("bpos-standard-suite", 5), PricingAt("USD", 1, time))->lines[0].price_id;
  };
  EXPECT_EQ(price_at(change - absl::Microseconds(1)), "usd-2009-01");
  EXPECT_EQ(price_at(change), "usd-2009-11");
}

TEST(PricingTest, KeepsTheOrderOfTheLinesAndAddsThemUp) {
  const std::vector<RequestedLine> asked = {{"sharepoint-online", *Quantity::Of(7)},
                                            {"bpos-standard-suite", *Quantity::Of(25)}};
  ASSERT_OK_AND_ASSIGN(const PricedLines priced, PriceLines(TestCatalogue(), asked, PricingAt("USD", 1, kJune)));
  ASSERT_EQ(priced.lines.size(), 2);
  EXPECT_EQ(priced.lines[0].offer_title, "SharePoint Online");
  EXPECT_EQ(priced.lines[1].offer_id, "bpos-standard-suite");
  EXPECT_EQ(priced.total.ToString(), "425.75 USD");
}

TEST(PricingTest, NamesEveryViolationOfEveryLine) {
  const std::vector<RequestedLine> asked = {{"bpos-standard-suite", *Quantity::Of(4)},
                                            {"unknown", *Quantity::Of(5)},
                                            {"retired", *Quantity::Of(5)},
                                            {"bpos-standard-suite", *Quantity::Of(5)}};
  const absl::Status status = PriceLines(TestCatalogue(), asked, PricingAt("USD", 1, kJune)).status();
  EXPECT_THAT(status, HasReason("INVALID_FIELD"));
  EXPECT_THAT(FieldsOf(status), ElementsAre("order.lines[0].quantity", "order.lines[1].offer", "order.lines[2].offer",
                                            "order.lines[3].offer"));
}

TEST(PricingTest, RefusesACurrencyWithoutAPrice) {
  const auto priced = PriceLines(TestCatalogue(), Asking("bpos-standard-suite", 5), PricingAt("JPY", 1, kJune));
  EXPECT_THAT(FieldsOf(priced.status()), ElementsAre("order.lines[0].offer"));
}

TEST(PricingTest, RefusesAnOfferBeforeItsFirstPrice) {
  const auto priced =
      PriceLines(TestCatalogue(), Asking("bpos-standard-suite", 5), PricingAt("USD", 1, StartOf(Date(2008, 12, 31))));
  EXPECT_THAT(FieldsOf(priced.status()), ElementsAre("order.lines[0].offer"));
}

TEST(PricingTest, RefusesAnAmountThatMoneyCannotHold) {
  const Catalogue dear({{.id = "dear", .prices = {PriceOf("usd", Date(2009, 1, 1), "USD", {{1, Money::kMaxMicros}})}}});
  const auto priced = PriceLines(dear, Asking("dear", 2), PricingAt("USD", 1, kJune));
  EXPECT_THAT(FieldsOf(priced.status()), ElementsAre("order.lines[0].quantity"));
}

TEST(PricingTest, APromotionLowersThePriceInsideItsWindowOnly) {
  const auto price = [](const char* promotion, Date today, int64_t seats) {
    return PriceLines(TestCatalogue(), {{"bpos-standard-suite", *Quantity::Of(seats), promotion}},
                      {.currency = "USD", .billing_period_months = 1, .time = StartOf(today), .today = today});
  };
  ASSERT_OK_AND_ASSIGN(const PricedLines cheaper, price("eight", Date(2010, 2, 1), 25));
  EXPECT_EQ(cheaper.total.ToString(), "200.00 USD");
  EXPECT_EQ(cheaper.list_total.ToString(), "250.00 USD");
  EXPECT_EQ(cheaper.lines[0].unit_price.ToString(), "8.00 USD");
  EXPECT_EQ(cheaper.lines[0].list_unit_price.ToString(), "10.00 USD");
  EXPECT_THAT(FieldsOf(price("eight", Date(2010, 8, 16), 5).status()), ElementsAre("order.lines[0].promotion"));
  EXPECT_THAT(FieldsOf(price("eight", Date(2009, 5, 31), 25).status()), ElementsAre("order.lines[0].promotion"));
  EXPECT_THAT(FieldsOf(price("none", Date(2010, 2, 1), 25).status()), ElementsAre("order.lines[0].promotion"));
  ASSERT_OK_AND_ASSIGN(const PricedLines trial, price("trial", Date(2010, 2, 1), 25));
  EXPECT_EQ(trial.total.ToString(), "250.00 USD");
  EXPECT_EQ(trial.lines[0].trial_days, 30);
}

TEST(PricingTest, RefusesACommitmentThatMoneyCannotHold) {
  const Catalogue dear(
      {{.id = "dear", .prices = {PriceOf("usd", Date(2009, 1, 1), "USD", {{1, Money::kMaxMicros / 2}})}}});
  const auto priced = PriceLines(dear, Asking("dear", 1), PricingAt("USD", 1, kJune));
  EXPECT_THAT(FieldsOf(priced.status()), ElementsAre("order.lines[0].quantity"));
}

}  // namespace
}  // namespace countersign::order
