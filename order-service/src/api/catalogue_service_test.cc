#include "order-service/src/api/catalogue_service.h"

#include <algorithm>
#include <string>
#include <vector>

#include "common/base/date.h"
#include "countersign/order/v1/catalogue_service.grpc.pb.h"
#include "countersign/order/v1/offer.pb.h"
#include "gmock/gmock.h"
#include "order-service/src/api/api_test_base.h"

namespace countersign::order {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using ::testing::IsEmpty;

class CatalogueServiceTest : public ApiTest {
 protected:
  using Stub = v1::CatalogueService::Stub;
};

TEST_F(CatalogueServiceTest, ListsTheOffersWithTodaysPrices) {
  ASSERT_OK_AND_ASSIGN(const v1::ListOffersResponse june, Call(&Stub::ListOffers, v1::ListOffersRequest()));
  ASSERT_EQ(june.offers_size(), 8);
  EXPECT_EQ(june.offers(0).name(), "offers/bpos-standard-suite");
  EXPECT_EQ(june.offers(0).minimum_quantity(), 5);
  ASSERT_EQ(june.offers(0).current_price().tiers_size(), 5);
  EXPECT_EQ(june.offers(0).current_price().tiers(0).unit_price().units(), 15);
  clock_.Set(StartOf(Date(2009, 11, 2)));
  ASSERT_OK_AND_ASSIGN(const v1::ListOffersResponse november, Call(&Stub::ListOffers, v1::ListOffersRequest()));
  EXPECT_EQ(november.offers(0).current_price().tiers(0).unit_price().units(), 10);
}

TEST_F(CatalogueServiceTest, GetsOneOfferAsItIsListed) {
  ASSERT_OK_AND_ASSIGN(const v1::ListOffersResponse all, Call(&Stub::ListOffers, v1::ListOffersRequest()));
  for (const v1::Offer& offer : all.offers()) {
    v1::GetOfferRequest request;
    request.set_name(offer.name());
    ASSERT_OK_AND_ASSIGN(const v1::Offer got, Call(&Stub::GetOffer, request));
    EXPECT_EQ(got.SerializeAsString(), offer.SerializeAsString());
  }
}

TEST_F(CatalogueServiceTest, SaysWhichOfferThereIsNot) {
  v1::GetOfferRequest request;
  request.set_name("offers/nothing");
  EXPECT_THAT(Call(&Stub::GetOffer, request), HasReason("OFFER_NOT_FOUND"));
  request.set_name("offers/");
  request.set_currency_code("usd");
  EXPECT_EQ(DetailsOf(Call(&Stub::GetOffer, request).status()).violations.size(), 2);
}

TEST_F(CatalogueServiceTest, AnOfferMayHaveNoPriceInACurrency) {
  v1::ListOffersRequest request;
  request.set_currency_code("JPY");
  ASSERT_OK_AND_ASSIGN(const v1::ListOffersResponse reply, Call(&Stub::ListOffers, request));
  EXPECT_EQ(reply.offers_size(), 8);
  EXPECT_FALSE(reply.offers(0).has_current_price());
}

TEST_F(CatalogueServiceTest, PagesAddUpToTheWholeList) {
  v1::ListOffersRequest request;
  request.set_page_size(3);
  std::vector<std::string> names;
  std::vector<int> sizes;
  do {
    ASSERT_OK_AND_ASSIGN(const v1::ListOffersResponse page, Call(&Stub::ListOffers, request));
    for (const v1::Offer& offer : page.offers()) names.push_back(offer.name());
    sizes.push_back(page.offers_size());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(sizes, ::testing::ElementsAre(3, 3, 2));
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
}

TEST_F(CatalogueServiceTest, FiltersByEveryFieldItNames) {
  database_->Execute("UPDATE offers SET retired = 1 WHERE offer_id = 'office-live-meeting'");
  const auto listed = [&](const std::string& filter) {
    v1::ListOffersRequest request;
    request.set_filter(filter);
    const absl::StatusOr<v1::ListOffersResponse> page = Call(&Stub::ListOffers, request);
    EXPECT_OK(page);
    std::vector<std::string> titles;
    if (page.ok()) {
      for (const v1::Offer& offer : page->offers()) titles.push_back(offer.title());
    }
    return titles;
  };
  EXPECT_THAT(listed("retired = true"), ::testing::ElementsAre("Office Live Meeting"));
  EXPECT_EQ(listed("retired = false AND minimum_quantity = 5").size(), 7);
  EXPECT_THAT(listed("minimum_quantity > 5"), ::testing::IsEmpty());
  EXPECT_THAT(listed("title = \"Exchange Online\""), ::testing::ElementsAre("Exchange Online"));
  database_->Execute("UPDATE offers SET retired = 0");
}

TEST_F(CatalogueServiceTest, ListsOffersAsTheyAreNowWhenPricingStillKnowsThemAsTheyWere) {
  v1::GetOfferRequest get;
  get.set_name("offers/office-live-meeting");
  ASSERT_OK(Call(&Stub::GetOffer, get));  // From now on the catalogue is kept.
  database_->Execute("UPDATE offers SET retired = 1 WHERE offer_id = 'office-live-meeting'");
  database_->Execute(
      "INSERT INTO offers (offer_id, title, description, minimum_quantity, retired) VALUES "
      "('a-new-offer', 'New', '', 1, 0), ('a-priceless-offer', 'Without a price', '', 1, 0)");
  database_->Execute(
      "INSERT INTO prices (offer_id, price_id, currency, effective_time) VALUES "
      "('a-new-offer', 'usd', 'USD', '2009-01-01')");
  database_->Execute(
      "INSERT INTO price_tiers (offer_id, price_id, minimum_quantity, unit_price_micros) VALUES "
      "('a-new-offer', 'usd', 1, 3000000), ('a-new-offer', 'usd', 50, 2000000)");
  v1::ListOffersRequest request;
  request.set_filter("retired = true");
  ASSERT_OK_AND_ASSIGN(const v1::ListOffersResponse retired, Call(&Stub::ListOffers, request));
  ASSERT_EQ(retired.offers_size(), 1);
  EXPECT_EQ(retired.offers(0).name(), "offers/office-live-meeting");
  EXPECT_TRUE(retired.offers(0).retired());
  request.set_filter("retired = false");
  request.set_page_size(1);
  ASSERT_OK_AND_ASSIGN(const v1::ListOffersResponse first, Call(&Stub::ListOffers, request));
  ASSERT_EQ(first.offers_size(), 1);
  EXPECT_EQ(first.offers(0).name(), "offers/a-new-offer");
  ASSERT_EQ(first.offers(0).current_price().tiers_size(), 2);
  EXPECT_EQ(first.offers(0).current_price().tiers(1).unit_price().units(), 2);
  request.set_page_token(first.next_page_token());
  ASSERT_OK_AND_ASSIGN(const v1::ListOffersResponse second, Call(&Stub::ListOffers, request));
  EXPECT_EQ(second.offers(0).name(), "offers/a-priceless-offer");
  EXPECT_FALSE(second.offers(0).has_current_price());
  database_->Execute("DELETE FROM price_tiers WHERE offer_id = 'a-new-offer'");
  database_->Execute("DELETE FROM prices WHERE offer_id = 'a-new-offer'");
  database_->Execute("DELETE FROM offers WHERE offer_id LIKE 'a-%'");
  database_->Execute("UPDATE offers SET retired = 0");
}

TEST_F(CatalogueServiceTest, NamesEveryBadFieldOfListOffers) {
  v1::ListOffersRequest request;
  request.set_currency_code("XXX");
  request.set_filter("retired = maybe");
  request.set_page_size(-1);
  request.set_page_token("forged");
  ExpectViolations(Call(&Stub::ListOffers, request).status(), {"currency_code", "filter", "page_size", "page_token"});
}

TEST_F(CatalogueServiceTest, RefusesATokenOfAnotherCallerCurrencyOrFilter) {
  v1::ListOffersRequest request;
  request.set_page_size(3);
  request.set_page_token(Call(&Stub::ListOffers, request)->next_page_token());
  EXPECT_OK(Call(&Stub::ListOffers, request));
  EXPECT_THAT(Call(&Stub::ListOffers, request, kOperator), StatusIs(absl::StatusCode::kInvalidArgument));
  v1::ListOffersRequest filtered = request;
  filtered.set_filter("retired = false");
  EXPECT_THAT(Call(&Stub::ListOffers, filtered), StatusIs(absl::StatusCode::kInvalidArgument));
  request.set_currency_code("JPY");
  EXPECT_THAT(Call(&Stub::ListOffers, request), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace countersign::order
