#include "order-service/src/api/offer_service.h"

#include <algorithm>
#include <string>
#include <vector>

#include "common/base/date.h"
#include "common/testing/status_matchers.h"
#include "countersign/order/v1/offer.pb.h"
#include "countersign/order/v1/offer_service.grpc.pb.h"
#include "countersign/order/v1/order.pb.h"
#include "countersign/order/v1/order_service.grpc.pb.h"
#include "countersign/order/v1/price_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "order-service/src/api/catalogue_test_base.h"

namespace countersign::order {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using ::testing::ElementsAre;

class OfferServiceTest : public CatalogueTest {
 protected:
  v1::CreateOfferRequest OfferRequest(const char* id) const {
    v1::CreateOfferRequest request;
    request.set_offer_id(id);
    request.mutable_offer()->set_title("News");
    request.mutable_offer()->set_description("All the news.");
    request.mutable_offer()->set_minimum_quantity(5);
    request.set_request_id(NewRequestId());
    return request;
  }

  v1::RetireOfferRequest RetireRequest(const char* offer) const {
    v1::RetireOfferRequest request;
    request.set_name(absl::StrCat("offers/", offer));
    request.set_reason("replaced");
    request.set_request_id(NewRequestId());
    return request;
  }

  absl::StatusOr<v1::Order> Order(const char* offer, int64_t seats) {
    v1::CreateOrderRequest request = CreateRequest();
    request.mutable_order()->mutable_lines(0)->set_offer(absl::StrCat("offers/", offer));
    request.mutable_order()->mutable_lines(0)->set_quantity(seats);
    return Call(&v1::OrderService::Stub::CreateOrder, request);
  }
};

TEST_F(OfferServiceTest, ListsTheOffersWithTodaysPrices) {
  ASSERT_OK_AND_ASSIGN(const v1::ListOffersResponse june, Call(&OfferStub::ListOffers, v1::ListOffersRequest()));
  ASSERT_EQ(june.offers_size(), 8);
  EXPECT_EQ(june.offers(0).name(), "offers/bpos-standard-suite");
  EXPECT_EQ(june.offers(0).minimum_quantity(), 5);
  ASSERT_EQ(june.offers(0).current_price().tiers_size(), 5);
  EXPECT_EQ(june.offers(0).current_price().tiers(0).unit_price().units(), 15);
  clock_.Set(StartOf(Date(2009, 11, 2)));
  ASSERT_OK_AND_ASSIGN(const v1::ListOffersResponse november, Call(&OfferStub::ListOffers, v1::ListOffersRequest()));
  EXPECT_EQ(november.offers(0).current_price().tiers(0).unit_price().units(), 10);
}

TEST_F(OfferServiceTest, GetsOneOfferAsItIsListed) {
  ASSERT_OK_AND_ASSIGN(const v1::ListOffersResponse all, Call(&OfferStub::ListOffers, v1::ListOffersRequest()));
  for (const v1::Offer& offer : all.offers()) {
    v1::GetOfferRequest request;
    request.set_name(offer.name());
    ASSERT_OK_AND_ASSIGN(const v1::Offer got, Call(&OfferStub::GetOffer, request));
    EXPECT_EQ(got.SerializeAsString(), offer.SerializeAsString());
  }
}

TEST_F(OfferServiceTest, SaysWhichOfferThereIsNot) {
  v1::GetOfferRequest request;
  request.set_name("offers/nothing");
  EXPECT_THAT(Call(&OfferStub::GetOffer, request), HasReason("OFFER_NOT_FOUND"));
  request.set_name("offers/");
  request.set_currency_code("usd");
  EXPECT_EQ(DetailsOf(Call(&OfferStub::GetOffer, request).status()).violations.size(), 2);
}

TEST_F(OfferServiceTest, AnOfferMayHaveNoPriceInACurrency) {
  v1::ListOffersRequest request;
  request.set_currency_code("JPY");
  ASSERT_OK_AND_ASSIGN(const v1::ListOffersResponse reply, Call(&OfferStub::ListOffers, request));
  EXPECT_EQ(reply.offers_size(), 8);
  EXPECT_FALSE(reply.offers(0).has_current_price());
}

TEST_F(OfferServiceTest, PagesAddUpToTheWholeList) {
  v1::ListOffersRequest request;
  request.set_page_size(3);
  std::vector<std::string> names;
  std::vector<int> sizes;
  do {
    ASSERT_OK_AND_ASSIGN(const v1::ListOffersResponse page, Call(&OfferStub::ListOffers, request));
    for (const v1::Offer& offer : page.offers()) names.push_back(offer.name());
    sizes.push_back(page.offers_size());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(sizes, ElementsAre(3, 3, 2));
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
}

TEST_F(OfferServiceTest, FiltersByEveryFieldItNames) {
  database_->Execute("UPDATE offers SET retired = 1 WHERE offer_id = 'office-live-meeting'");
  const auto listed = [&](const std::string& filter) {
    v1::ListOffersRequest request;
    request.set_filter(filter);
    const absl::StatusOr<v1::ListOffersResponse> page = Call(&OfferStub::ListOffers, request);
    EXPECT_OK(page);
    std::vector<std::string> titles;
    if (page.ok()) {
      for (const v1::Offer& offer : page->offers()) titles.push_back(offer.title());
    }
    return titles;
  };
  EXPECT_THAT(listed("retired = true"), ElementsAre("Office Live Meeting"));
  EXPECT_EQ(listed("retired = false AND minimum_quantity = 5").size(), 7);
  EXPECT_THAT(listed("minimum_quantity > 5"), ::testing::IsEmpty());
  EXPECT_THAT(listed("title = \"Exchange Online\""), ElementsAre("Exchange Online"));
  database_->Execute("UPDATE offers SET retired = 0");
}

TEST_F(OfferServiceTest, ListsOffersAsTheyAreNowWhenPricingStillKnowsThemAsTheyWere) {
  v1::GetOfferRequest get;
  get.set_name("offers/office-live-meeting");
  ASSERT_OK(Call(&OfferStub::GetOffer, get));  // From now on the catalogue is kept.
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
  ASSERT_OK_AND_ASSIGN(const v1::ListOffersResponse retired, Call(&OfferStub::ListOffers, request));
  ASSERT_EQ(retired.offers_size(), 1);
  EXPECT_EQ(retired.offers(0).name(), "offers/office-live-meeting");
  EXPECT_TRUE(retired.offers(0).retired());
  request.set_filter("retired = false");
  request.set_page_size(1);
  ASSERT_OK_AND_ASSIGN(const v1::ListOffersResponse first, Call(&OfferStub::ListOffers, request));
  ASSERT_EQ(first.offers_size(), 1);
  EXPECT_EQ(first.offers(0).name(), "offers/a-new-offer");
  ASSERT_EQ(first.offers(0).current_price().tiers_size(), 2);
  EXPECT_EQ(first.offers(0).current_price().tiers(1).unit_price().units(), 2);
  request.set_page_token(first.next_page_token());
  ASSERT_OK_AND_ASSIGN(const v1::ListOffersResponse second, Call(&OfferStub::ListOffers, request));
  EXPECT_EQ(second.offers(0).name(), "offers/a-priceless-offer");
  EXPECT_FALSE(second.offers(0).has_current_price());
  database_->Execute("DELETE FROM price_tiers WHERE offer_id = 'a-new-offer'");
  database_->Execute("DELETE FROM prices WHERE offer_id = 'a-new-offer'");
  database_->Execute("DELETE FROM offers WHERE offer_id LIKE 'a-%'");
  database_->Execute("UPDATE offers SET retired = 0");
}

TEST_F(OfferServiceTest, NamesEveryBadFieldOfListOffers) {
  v1::ListOffersRequest request;
  request.set_currency_code("XXX");
  request.set_filter("retired = maybe");
  request.set_page_size(-1);
  request.set_page_token("forged");
  ExpectViolations(Call(&OfferStub::ListOffers, request).status(),
                   {"currency_code", "filter", "page_size", "page_token"});
}

TEST_F(OfferServiceTest, RefusesATokenOfAnotherCallerCurrencyOrFilter) {
  v1::ListOffersRequest request;
  request.set_page_size(3);
  request.set_page_token(Call(&OfferStub::ListOffers, request)->next_page_token());
  EXPECT_OK(Call(&OfferStub::ListOffers, request));
  EXPECT_THAT(Call(&OfferStub::ListOffers, request, kOperator), StatusIs(absl::StatusCode::kInvalidArgument));
  v1::ListOffersRequest filtered = request;
  filtered.set_filter("retired = false");
  EXPECT_THAT(Call(&OfferStub::ListOffers, filtered), StatusIs(absl::StatusCode::kInvalidArgument));
  request.set_currency_code("JPY");
  EXPECT_THAT(Call(&OfferStub::ListOffers, request), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(OfferServiceTest, ANewOfferIsOrderedOnceItHasAPrice) {
  const v1::CreateOfferRequest request = OfferRequest("test-news");
  ASSERT_OK_AND_ASSIGN(const v1::Offer offer, Call(&OfferStub::CreateOffer, request, kOperator));
  EXPECT_EQ(offer.name(), "offers/test-news");
  EXPECT_EQ(offer.maximum_quantity(), 1'000'000);
  EXPECT_EQ(offer.term_months(), 12);
  EXPECT_THAT(offer.billing_periods(),
              ElementsAre(v1::Order::BILLING_PERIOD_MONTHLY, v1::Order::BILLING_PERIOD_ANNUAL));
  EXPECT_EQ(GetOffer("test-news")->SerializeAsString(), offer.SerializeAsString());
  EXPECT_FALSE(Order("test-news", 5).ok());
  ASSERT_OK(Call(&PriceStub::CreatePrice, PriceRequest("test-news", "test-usd", 7, clock_.Now()), kOperator));
  ASSERT_OK_AND_ASSIGN(const v1::Order order, Order("test-news", 5));
  EXPECT_EQ(order.total().units(), 35);
  EXPECT_THAT(EventTypes(), ::testing::UnorderedElementsAre("OFFER_CREATED", "PRICE_CREATED", "ORDER_CREATED"));
  EXPECT_EQ(Call(&OfferStub::CreateOffer, request, kOperator)->SerializeAsString(), offer.SerializeAsString());
  EXPECT_THAT(Call(&OfferStub::CreateOffer, OfferRequest("test-news"), kOperator), HasReason("OFFER_EXISTS"));
}

TEST_F(OfferServiceTest, AnUpdateChangesWhatTheMaskNamesAndTheLimitsHoldForNewOrders) {
  v1::UpdateOfferRequest request;
  request.mutable_offer()->set_name("offers/exchange-online");
  request.mutable_offer()->set_maximum_quantity(30);
  request.set_etag(GetOffer("exchange-online")->etag());
  request.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const v1::Offer updated, Call(&OfferStub::UpdateOffer, request, kOperator));
  EXPECT_EQ(updated.title(), "Exchange Online");
  EXPECT_EQ(updated.maximum_quantity(), 30);
  EXPECT_OK(Order("exchange-online", 30));
  ExpectViolations(Order("exchange-online", 31).status(), {"order.lines[0].quantity"});
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&OfferStub::UpdateOffer, request, kOperator), HasReason("ETAG_MISMATCH"));
  request.clear_etag();
  request.mutable_offer()->set_maximum_quantity(4);
  request.mutable_offer()->add_components("offers/nothing");
  request.mutable_offer()->add_regions("usa");
  request.mutable_offer()->add_regions("ZZ");
  ExpectViolations(Call(&OfferStub::UpdateOffer, request, kOperator).status(),
                   {"offer.regions[0]", "offer.regions[1]"});
  request.mutable_offer()->clear_regions();
  ExpectViolations(Call(&OfferStub::UpdateOffer, request, kOperator).status(),
                   {"offer.maximum_quantity", "offer.components[0]", "offer.components"});
}

TEST_F(OfferServiceTest, ARetiredOfferIsOrderedNoMoreAndItsDraftsAreNotSubmitted) {
  ASSERT_OK_AND_ASSIGN(const v1::Order draft, Order("exchange-online", 5));
  ASSERT_OK_AND_ASSIGN(const v1::Offer retired,
                       Call(&OfferStub::RetireOffer, RetireRequest("exchange-online"), kOperator));
  EXPECT_TRUE(retired.retired());
  EXPECT_EQ(retired.retire_time().seconds(), absl::ToUnixSeconds(clock_.Now()));
  ExpectViolations(Order("exchange-online", 5).status(), {"order.lines[0].offer"});
  EXPECT_THAT(Call(&v1::OrderService::Stub::SubmitOrder, SubmitRequest(draft)), HasReason("OFFER_NOT_AVAILABLE"));
  EXPECT_THAT(Call(&OfferStub::RetireOffer, RetireRequest("exchange-online"), kOperator), HasReason("OFFER_RETIRED"));
  EXPECT_THAT(Call(&PriceStub::CreatePrice, PriceRequest("exchange-online", "test-x", 8, clock_.Now()), kOperator),
              HasReason("OFFER_RETIRED"));
}

}  // namespace
}  // namespace countersign::order
