#include "order-service/src/domain/offer.h"

#include <string>
#include <vector>

#include "common/base/error.h"
#include "common/testing/status_matchers.h"
#include "gtest/gtest.h"
#include "order-service/src/domain/bundle.h"
#include "order-service/src/domain/price.h"
#include "order-service/src/domain/test_catalogue.h"

namespace countersign::order {
namespace {

using ::countersign::testing::HasReason;

const absl::Time kNow = StartOf(Date(2009, 6, 1));

std::vector<std::string> FieldsOf(const FieldViolations& violations) {
  std::vector<std::string> fields;
  for (const FieldViolation& violation : DetailsOf(violations.ToStatus()).violations) fields.push_back(violation.field);
  return fields;
}

TEST(OfferTest, AChangeIsTheNextVersionAndARetiredOfferChangesNoMore) {
  const Offer created = Offer::New("news", {.title = "News", .minimum_quantity = 5}, kNow);
  EXPECT_EQ(created.version, 1);
  ASSERT_OK_AND_ASSIGN(const Offer updated, created.Update({.maximum_quantity = 10}, kNow));
  EXPECT_EQ(updated.version, 2);
  EXPECT_EQ(updated.title, "News");
  EXPECT_EQ(updated.maximum_quantity, 10);
  ASSERT_OK_AND_ASSIGN(const Offer retired, updated.Retire(kNow));
  EXPECT_TRUE(retired.retired);
  EXPECT_EQ(retired.version, 3);
  EXPECT_THAT(retired.Update({.title = "Olds"}, kNow), HasReason("OFFER_RETIRED"));
  EXPECT_THAT(retired.Retire(kNow), HasReason("OFFER_RETIRED"));
}

TEST(OfferTest, ABundleContainsOffersOfTheCatalogueEachOnce) {
  const Catalogue catalogue = TestCatalogue();
  const auto faults = [&](const char* id, std::vector<std::string> components) {
    FieldViolations violations;
    CheckComponents(catalogue, {.id = id, .components = std::move(components)}, "c", violations);
    return FieldsOf(violations);
  };
  using Fields = std::vector<std::string>;
  EXPECT_EQ(faults("new", {"sharepoint-online", "retired"}), Fields{});
  EXPECT_EQ(faults("new", {"sharepoint-online", "sharepoint-online"}), Fields{"c[1]"});
  EXPECT_EQ(faults("new", {"nothing"}), Fields{"c[0]"});
  EXPECT_EQ(faults("new", {"new"}), Fields{"c[0]"});
  EXPECT_EQ(faults("new", {"bpos-standard-suite"}), Fields{"c[0]"});
  EXPECT_EQ(faults("sharepoint-online", {"retired"}), Fields{"c"});  // The suite contains it.
  EXPECT_EQ(faults("sharepoint-online", {}), Fields{});
}

TEST(PriceTest, ANewVersionIsNeverInThePastAndItsTiersAscend) {
  const auto faults = [&](absl::Time effective, const std::vector<std::pair<int64_t, int64_t>>& tiers) {
    Price price = PriceOf("usd", Date(2009, 1, 1), "USD", tiers);
    price.effective_time = effective;
    FieldViolations violations;
    CheckNewPrice(price, kNow, "price", violations);
    return FieldsOf(violations);
  };
  using Fields = std::vector<std::string>;
  EXPECT_EQ(faults(kNow, {{5, 1}, {250, 1}}), Fields{});
  EXPECT_EQ(faults(kNow - absl::Microseconds(1), {{5, 1}}), Fields{"price.effective_time"});
  EXPECT_EQ(faults(kNow, {}), Fields{"price.tiers"});
  EXPECT_EQ(faults(kNow, {{5, 1}, {5, 1}}), Fields{"price.tiers[1].minimum_quantity"});
  EXPECT_EQ(faults(kNow, std::vector<std::pair<int64_t, int64_t>>(21, {1, 1})).front(), "price.tiers");
}

TEST(PriceTest, AVersionThatIsNotInForceYetIsCorrectedByALaterOneOfTheSameTime) {
  Price wrong = PriceOf("wrong", Date(2009, 7, 1), "USD", {{1, 1}});
  wrong.publish_time = kNow;
  Price right = PriceOf("a-right-one", Date(2009, 7, 1), "USD", {{1, 2}});
  right.publish_time = kNow + absl::Hours(1);
  EXPECT_EQ(FindInForce({right, wrong}, "USD", StartOf(Date(2009, 7, 1)))->id, "a-right-one");
  EXPECT_EQ(FindInForce({wrong, right}, "USD", StartOf(Date(2009, 7, 1)))->id, "a-right-one");
  EXPECT_EQ(FindInForce({wrong, right}, "USD", kNow), nullptr);
}

}  // namespace
}  // namespace countersign::order
