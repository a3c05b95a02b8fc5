#include "order-service/src/domain/catalogue_plan.h"

#include <string>
#include <utility>
#include <vector>

#include "common/base/error.h"
#include "common/testing/status_matchers.h"
#include "gtest/gtest.h"
#include "order-service/src/domain/test_catalogue.h"

namespace countersign::order {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kNow = StartOf(Date(2009, 6, 1));

// What describes the offer as it is.
CatalogueEntry EntryOf(const Offer& offer) {
  return {.offer = offer.id,
          .fields = {.title = offer.title,
                     .description = offer.description,
                     .minimum_quantity = offer.minimum_quantity,
                     .maximum_quantity = offer.maximum_quantity,
                     .components = offer.components,
                     .regions = offer.regions,
                     .billing_periods = offer.billing_periods},
          .retired = offer.retired,
          .prices = offer.prices,
          .promotions = offer.promotions};
}

CatalogueEntry Suite() { return EntryOf(*TestCatalogue().Find("bpos-standard-suite")); }

std::vector<std::string> Describe(const CataloguePlan& plan) {
  std::vector<std::string> lines;
  for (const CatalogueDifference& difference : plan.differences) {
    lines.push_back(absl::StrCat(NameOf(difference.act), " ", difference.name));
    for (const std::string& field : difference.fields) lines.push_back(field);
  }
  return lines;
}

std::vector<std::string> FaultsOf(const std::vector<CatalogueEntry>& wanted) {
  std::vector<std::string> fields;
  const absl::Status status = PlanCatalogue(TestCatalogue(), wanted, kNow).status();
  for (const FieldViolation& violation : DetailsOf(status).violations) fields.push_back(violation.field);
  return fields;
}

TEST(CataloguePlanTest, WhatIsTrueAlreadyChangesNothing) {
  std::vector<CatalogueEntry> entries;
  const Catalogue catalogue = TestCatalogue();
  for (const Offer& offer : catalogue.offers()) entries.push_back(EntryOf(offer));
  ASSERT_OK_AND_ASSIGN(const CataloguePlan plan, PlanCatalogue(TestCatalogue(), entries, kNow));
  EXPECT_THAT(Describe(plan), IsEmpty());
}

TEST(CataloguePlanTest, SaysWhatIsNewAndEachFieldThatChanges) {
  CatalogueEntry suite = Suite();
  suite.fields.title = "The Suite";
  suite.fields.maximum_quantity = 100;
  suite.prices = {PriceOf("usd-2010", Date(2010, 1, 1), "USD", {{5, 9'000'000}})};
  CatalogueEntry news{.offer = "news", .fields = suite.fields};
  news.fields.components = std::vector<std::string>();
  ASSERT_OK_AND_ASSIGN(const CataloguePlan plan, PlanCatalogue(TestCatalogue(), {suite, news}, kNow));
  EXPECT_THAT(Describe(plan), ElementsAre("UPDATE offers/bpos-standard-suite", "title: BPOS Standard Suite → The Suite",
                                          "maximum_quantity: 1000000 → 100",
                                          "CREATE offers/bpos-standard-suite/prices/usd-2010", "CREATE offers/news"));
  ASSERT_EQ(plan.changed_offers.size(), 1);
  EXPECT_EQ(plan.changed_offers[0].version, 2);
  EXPECT_EQ(plan.new_offers[0].version, 1);
}

TEST(CataloguePlanTest, ARetiredOfferIsOneMoreVersionAlsoWhereItsFieldsChange) {
  CatalogueEntry suite = Suite();
  suite.retired = true;
  suite.fields.title = "The Suite";
  ASSERT_OK_AND_ASSIGN(const CataloguePlan plan, PlanCatalogue(TestCatalogue(), {suite}, kNow));
  ASSERT_EQ(plan.changed_offers.size(), 1);
  EXPECT_EQ(plan.changed_offers[0].version, 2);
  EXPECT_TRUE(plan.changed_offers[0].retired);
  EXPECT_EQ(plan.changed_offers[0].title, "The Suite");
}

TEST(CataloguePlanTest, APublishedPriceNeverChanges) {
  CatalogueEntry suite = Suite();
  suite.prices[0].tiers[0].unit_price = MoneyOf(9'000'000);
  EXPECT_THAT(FaultsOf({suite}), ElementsAre("catalogue.offers[0].prices[0]"));
  suite = Suite();
  suite.prices[0].id = "another";
  suite.prices[0].effective_time = kNow - absl::Hours(1);
  EXPECT_THAT(FaultsOf({suite}), ElementsAre("catalogue.offers[0].prices[0].effective_time"));
}

TEST(CataloguePlanTest, NamesWhatCannotBe) {
  EXPECT_THAT(FaultsOf({Suite(), Suite()}), ElementsAre("catalogue.offers[1].offer.name"));
  CatalogueEntry retired = EntryOf(*TestCatalogue().Find("retired"));
  retired.retired = false;
  EXPECT_THAT(FaultsOf({retired}), ElementsAre("catalogue.offers[0].offer"));
  CatalogueEntry suite = Suite();
  suite.fields.components = std::vector<std::string>{"nothing"};
  EXPECT_THAT(FaultsOf({suite}), ElementsAre("catalogue.offers[0].offer.components[0]"));
}

TEST(CataloguePlanTest, ABundleMayNameAnOfferThatTheSameFileMakes) {
  CatalogueEntry suite = Suite();
  suite.fields.components = std::vector<std::string>{"news"};
  CatalogueEntry news{.offer = "news", .fields = Suite().fields};
  news.fields.components = std::vector<std::string>();
  EXPECT_OK(PlanCatalogue(TestCatalogue(), {suite, news}, kNow));
}

TEST(PromotionTest, IsFreeDaysOrALowerPriceAndOpenForAWindow) {
  Promotion promotion{.id = "autumn", .title = "Autumn", .start_date = Date(2009, 6, 1), .end_date = Date(2009, 9, 1)};
  const auto faults = [&] {
    FieldViolations violations;
    CheckNewPromotion(promotion, kNow, "p", violations);
    std::vector<std::string> fields;
    for (const FieldViolation& violation : DetailsOf(violations.ToStatus()).violations)
      fields.push_back(violation.field);
    return fields;
  };
  EXPECT_THAT(faults(), ElementsAre("p.trial_days"));
  promotion.trial_days = 30;
  EXPECT_THAT(faults(), IsEmpty());
  promotion.unit_prices = {MoneyOf(8'000'000)};
  EXPECT_THAT(faults(), ElementsAre("p.trial_days"));
  promotion.trial_days = 0;
  EXPECT_THAT(faults(), IsEmpty());
  EXPECT_TRUE(promotion.IsOpenOn(Date(2009, 8, 31)));
  EXPECT_FALSE(promotion.IsOpenOn(Date(2009, 9, 1)));
  ASSERT_OK_AND_ASSIGN(const Promotion ended, promotion.End(StartOf(Date(2009, 7, 1))));
  EXPECT_FALSE(ended.IsOpenOn(Date(2009, 7, 1)));
  EXPECT_TRUE(ended.IsOpenOn(Date(2009, 6, 30)));
  EXPECT_THAT(ended.End(StartOf(Date(2009, 7, 1))), ::countersign::testing::HasReason("PROMOTION_ENDED"));
  promotion.end_date = Date(2009, 6, 1);
  EXPECT_THAT(faults(), ElementsAre("p.end_date"));
}

}  // namespace
}  // namespace countersign::order
