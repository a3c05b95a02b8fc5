// What an operator does to the catalogue, and what becomes of orders.
#include "common/rpc/convert.h"
#include "common/testing/status_matchers.h"
#include "countersign/order/v1/catalogue_service.grpc.pb.h"
#include "countersign/order/v1/offer.pb.h"
#include "countersign/order/v1/order.pb.h"
#include "countersign/order/v1/order_service.grpc.pb.h"
#include "order-service/src/api/api_test_base.h"

namespace countersign::order {
namespace {

using ::countersign::testing::HasReason;
using ::testing::ElementsAre;

class CatalogueChangeTest : public ApiTest {
 protected:
  using Stub = v1::CatalogueService::Stub;

  // What was seeded stays as it was for the tests that follow.
  void TearDown() override {
    database_->Execute("DELETE FROM offers WHERE version > 0 AND offer_id LIKE 'test-%'");
    database_->Execute("DELETE FROM prices WHERE publish_time > '2009-01-01'");
    database_->Execute("DELETE FROM price_tiers WHERE price_id LIKE 'test-%'");
    database_->Execute(
        "UPDATE offers SET retired = 0, retire_time = NULL, version = 0, maximum_quantity = 1000000, "
        "regions = '', title = IF(offer_id = 'exchange-online', 'Exchange Online', title)");
  }

  v1::CreateOfferRequest OfferRequest(const char* id) const {
    v1::CreateOfferRequest request;
    request.set_offer_id(id);
    request.mutable_offer()->set_title("News");
    request.mutable_offer()->set_description("All the news.");
    request.mutable_offer()->set_minimum_quantity(5);
    request.set_request_id(NewRequestId());
    return request;
  }

  v1::CreatePriceRequest PriceRequest(const char* offer, const char* id, int64_t units, absl::Time effective) const {
    v1::CreatePriceRequest request;
    request.set_parent(absl::StrCat("offers/", offer));
    request.set_price_id(id);
    request.mutable_price()->set_currency_code("USD");
    *request.mutable_price()->mutable_effective_time() = rpc::ToProto(effective);
    v1::Price::Tier& tier = *request.mutable_price()->add_tiers();
    tier.set_minimum_quantity(5);
    tier.mutable_unit_price()->set_currency_code("USD");
    tier.mutable_unit_price()->set_units(units);
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

  absl::StatusOr<v1::Offer> Get(const char* offer) {
    v1::GetOfferRequest request;
    request.set_name(absl::StrCat("offers/", offer));
    return Call(&Stub::GetOffer, request);
  }

  absl::StatusOr<v1::Order> Order(const char* offer, int64_t seats) {
    v1::CreateOrderRequest request = CreateRequest();
    request.mutable_order()->mutable_lines(0)->set_offer(absl::StrCat("offers/", offer));
    request.mutable_order()->mutable_lines(0)->set_quantity(seats);
    return Call(&v1::OrderService::Stub::CreateOrder, request);
  }
};

TEST_F(CatalogueChangeTest, ANewOfferIsOrderedOnceItHasAPrice) {
  const v1::CreateOfferRequest request = OfferRequest("test-news");
  ASSERT_OK_AND_ASSIGN(const v1::Offer offer, Call(&Stub::CreateOffer, request, kOperator));
  EXPECT_EQ(offer.name(), "offers/test-news");
  EXPECT_EQ(offer.maximum_quantity(), 1'000'000);
  EXPECT_EQ(offer.term_months(), 12);
  EXPECT_THAT(offer.billing_periods(),
              ElementsAre(v1::Order::BILLING_PERIOD_MONTHLY, v1::Order::BILLING_PERIOD_ANNUAL));
  EXPECT_EQ(Get("test-news")->SerializeAsString(), offer.SerializeAsString());
  EXPECT_FALSE(Order("test-news", 5).ok());
  ASSERT_OK(Call(&Stub::CreatePrice, PriceRequest("test-news", "test-usd", 7, clock_.Now()), kOperator));
  ASSERT_OK_AND_ASSIGN(const v1::Order order, Order("test-news", 5));
  EXPECT_EQ(order.total().units(), 35);
  EXPECT_THAT(EventTypes(), ::testing::UnorderedElementsAre("OFFER_CREATED", "PRICE_CREATED", "ORDER_CREATED"));
  EXPECT_EQ(Call(&Stub::CreateOffer, request, kOperator)->SerializeAsString(), offer.SerializeAsString());
  EXPECT_THAT(Call(&Stub::CreateOffer, OfferRequest("test-news"), kOperator), HasReason("OFFER_EXISTS"));
}

TEST_F(CatalogueChangeTest, APriceIsSupersededAndNeverChanged) {
  const absl::Time august = StartOf(Date(2009, 8, 1));
  ASSERT_OK_AND_ASSIGN(const v1::Price price,
                       Call(&Stub::CreatePrice, PriceRequest("exchange-online", "test-august", 8, august), kOperator));
  EXPECT_EQ(price.name(), "offers/exchange-online/prices/test-august");
  EXPECT_THAT(Call(&Stub::CreatePrice, PriceRequest("exchange-online", "test-august", 9, august), kOperator),
              HasReason("PRICE_EXISTS"));
  EXPECT_EQ(Get("exchange-online")->current_price().tiers(0).unit_price().units(), 10);
  v1::GetPriceRequest get;
  get.set_name(price.name());
  EXPECT_EQ(Call(&Stub::GetPrice, get)->SerializeAsString(), price.SerializeAsString());
  v1::ListPricesRequest list;
  list.set_parent("offers/exchange-online");
  list.set_page_size(1);
  ASSERT_OK_AND_ASSIGN(const v1::ListPricesResponse first, Call(&Stub::ListPrices, list));
  EXPECT_EQ(first.prices(0).SerializeAsString(), price.SerializeAsString());
  list.set_page_token(first.next_page_token());
  ASSERT_OK_AND_ASSIGN(const v1::ListPricesResponse second, Call(&Stub::ListPrices, list));
  EXPECT_EQ(second.prices(0).name(), "offers/exchange-online/prices/usd-2009-01");
  EXPECT_EQ(second.prices(0).tiers_size(), 5);
  EXPECT_EQ(second.next_page_token(), "");
  list.clear_page_token();
  list.set_filter("currency_code = \"JPY\"");
  EXPECT_EQ(Call(&Stub::ListPrices, list)->prices_size(), 0);
}

TEST_F(CatalogueChangeTest, AnOrderTakesThePriceThatIsInForceOnTheDayItStarts) {
  const absl::Time august = StartOf(Date(2009, 8, 1));
  ASSERT_OK(Call(&Stub::CreatePrice, PriceRequest("bpos-standard-suite", "test-august", 8, august), kOperator));
  v1::CreateOrderRequest request = CreateRequest();
  *request.mutable_order()->mutable_requested_start_date() = rpc::ToProto(Date(2009, 8, 1));
  ASSERT_OK_AND_ASSIGN(const v1::Order later, Call(&v1::OrderService::Stub::CreateOrder, request));
  EXPECT_EQ(later.total().units(), 200);
  EXPECT_EQ(SubmitOrder(later).order().total().units(), 200);
  EXPECT_EQ(WaitingOrder().order().total().units(), 375);
  // What is published after Submit changes it no more.
  ASSERT_OK(Call(&Stub::CreatePrice, PriceRequest("bpos-standard-suite", "test-august-2", 6, august), kOperator));
  EXPECT_EQ(Read(later).total().units(), 200);
}

TEST_F(CatalogueChangeTest, NamesWhatIsWrongWithAPrice) {
  v1::CreatePriceRequest request = PriceRequest("exchange-online", "test-x", 8, clock_.Now() - absl::Seconds(1));
  *request.mutable_price()->add_tiers() = request.price().tiers(0);
  ExpectViolations(Call(&Stub::CreatePrice, request, kOperator).status(),
                   {"price.effective_time", "price.tiers[1].minimum_quantity"});
  request.set_parent("exchange-online");
  request.set_price_id("Bad Id");
  request.mutable_price()->mutable_tiers(0)->mutable_unit_price()->set_currency_code("EUR");
  request.mutable_price()->mutable_tiers(1)->mutable_unit_price()->set_units(0);
  ExpectViolations(Call(&Stub::CreatePrice, request, kOperator).status(),
                   {"parent", "price_id", "price.tiers[0].unit_price.currency_code", "price.tiers[1].unit_price"});
  EXPECT_THAT(Call(&Stub::CreatePrice, PriceRequest("nothing", "test-x", 8, clock_.Now()), kOperator),
              HasReason("OFFER_NOT_FOUND"));
}

TEST_F(CatalogueChangeTest, AnUpdateChangesWhatTheMaskNamesAndTheLimitsHoldForNewOrders) {
  v1::UpdateOfferRequest request;
  request.mutable_offer()->set_name("offers/exchange-online");
  request.mutable_offer()->set_maximum_quantity(30);
  request.set_etag(Get("exchange-online")->etag());
  request.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const v1::Offer updated, Call(&Stub::UpdateOffer, request, kOperator));
  EXPECT_EQ(updated.title(), "Exchange Online");
  EXPECT_EQ(updated.maximum_quantity(), 30);
  EXPECT_OK(Order("exchange-online", 30));
  ExpectViolations(Order("exchange-online", 31).status(), {"order.lines[0].quantity"});
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&Stub::UpdateOffer, request, kOperator), HasReason("ETAG_MISMATCH"));
  request.clear_etag();
  request.mutable_offer()->set_maximum_quantity(4);
  request.mutable_offer()->add_components("offers/nothing");
  request.mutable_offer()->add_regions("usa");
  ExpectViolations(Call(&Stub::UpdateOffer, request, kOperator).status(), {"offer.regions[0]"});
  request.mutable_offer()->clear_regions();
  ExpectViolations(Call(&Stub::UpdateOffer, request, kOperator).status(),
                   {"offer.maximum_quantity", "offer.components[0]", "offer.components"});
}

TEST_F(CatalogueChangeTest, ARetiredOfferIsOrderedNoMoreAndItsDraftsAreNotSubmitted) {
  ASSERT_OK_AND_ASSIGN(const v1::Order draft, Order("exchange-online", 5));
  ASSERT_OK_AND_ASSIGN(const v1::Offer retired, Call(&Stub::RetireOffer, RetireRequest("exchange-online"), kOperator));
  EXPECT_TRUE(retired.retired());
  EXPECT_EQ(retired.retire_time().seconds(), absl::ToUnixSeconds(clock_.Now()));
  ExpectViolations(Order("exchange-online", 5).status(), {"order.lines[0].offer"});
  EXPECT_THAT(Call(&v1::OrderService::Stub::SubmitOrder, SubmitRequest(draft)), HasReason("OFFER_NOT_AVAILABLE"));
  EXPECT_THAT(Call(&Stub::RetireOffer, RetireRequest("exchange-online"), kOperator), HasReason("OFFER_RETIRED"));
  EXPECT_THAT(Call(&Stub::CreatePrice, PriceRequest("exchange-online", "test-x", 8, clock_.Now()), kOperator),
              HasReason("OFFER_RETIRED"));
}

TEST_F(CatalogueChangeTest, ResolvesAPriceAndSaysWhy) {
  v1::ResolvePriceRequest request;
  request.set_offer("offers/bpos-standard-suite");
  request.set_quantity(260);
  *request.mutable_date() = rpc::ToProto(Date(2010, 6, 1));
  request.set_renewal(true);
  ASSERT_OK_AND_ASSIGN(const v1::ResolvePriceResponse answer, Call(&Stub::ResolvePrice, request, kBillingService));
  EXPECT_EQ(answer.price().name(), "offers/bpos-standard-suite/prices/usd-2009-11");
  EXPECT_EQ(answer.unit_price().units(), 9);
  EXPECT_EQ(answer.unit_price().nanos(), 500'000'000);
  EXPECT_EQ(answer.tier().minimum_quantity(), 250);
  EXPECT_EQ(answer.explanation_size(), 3);
  EXPECT_THAT(answer.explanation(2), ::testing::HasSubstr("made up"));
  request.set_offer("offers/nothing");
  EXPECT_THAT(Call(&Stub::ResolvePrice, request), HasReason("OFFER_NOT_FOUND"));
  request.set_offer("nothing");
  request.set_quantity(0);
  request.set_region_code("usa");
  ExpectViolations(Call(&Stub::ResolvePrice, request).status(), {"offer", "quantity", "region_code"});
}

}  // namespace
}  // namespace countersign::order
