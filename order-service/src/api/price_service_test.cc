#include "order-service/src/api/price_service.h"

#include <cstdint>

#include "common/rpc/convert.h"
#include "common/testing/status_matchers.h"
#include "countersign/order/v1/order.pb.h"
#include "countersign/order/v1/order_service.grpc.pb.h"
#include "countersign/order/v1/price.pb.h"
#include "countersign/order/v1/price_service.grpc.pb.h"
#include "order-service/src/api/catalogue_test_base.h"

namespace countersign::order {
namespace {

using ::countersign::testing::HasReason;

class PriceServiceTest : public CatalogueTest {};

TEST_F(PriceServiceTest, APriceIsSupersededAndNeverChanged) {
  const absl::Time august = StartOf(Date(2009, 8, 1));
  ASSERT_OK_AND_ASSIGN(
      const v1::Price price,
      Call(&PriceStub::CreatePrice, PriceRequest("exchange-online", "test-august", 8, august), kOperator));
  EXPECT_EQ(price.name(), "offers/exchange-online/prices/test-august");
  EXPECT_THAT(Call(&PriceStub::CreatePrice, PriceRequest("exchange-online", "test-august", 9, august), kOperator),
              HasReason("PRICE_EXISTS"));
  EXPECT_EQ(GetOffer("exchange-online")->current_price().tiers(0).unit_price().units(), 10);
  v1::GetPriceRequest get;
  get.set_name(price.name());
  EXPECT_EQ(Call(&PriceStub::GetPrice, get)->SerializeAsString(), price.SerializeAsString());
  v1::ListPricesRequest list;
  list.set_parent("offers/exchange-online");
  list.set_page_size(1);
  ASSERT_OK_AND_ASSIGN(const v1::ListPricesResponse first, Call(&PriceStub::ListPrices, list));
  EXPECT_EQ(first.prices(0).SerializeAsString(), price.SerializeAsString());
  list.set_page_token(first.next_page_token());
  ASSERT_OK_AND_ASSIGN(const v1::ListPricesResponse second, Call(&PriceStub::ListPrices, list));
  EXPECT_EQ(second.prices(0).name(), "offers/exchange-online/prices/usd-2009-01");
  EXPECT_EQ(second.prices(0).tiers_size(), 5);
  EXPECT_EQ(second.next_page_token(), "");
  list.clear_page_token();
  list.set_filter("currency_code = \"JPY\"");
  EXPECT_EQ(Call(&PriceStub::ListPrices, list)->prices_size(), 0);
}

TEST_F(PriceServiceTest, AnOrderTakesThePriceThatIsInForceOnTheDayItStarts) {
  const absl::Time august = StartOf(Date(2009, 8, 1));
  ASSERT_OK(Call(&PriceStub::CreatePrice, PriceRequest("bpos-standard-suite", "test-august", 8, august), kOperator));
  v1::CreateOrderRequest request = CreateRequest();
  *request.mutable_order()->mutable_requested_start_date() = rpc::ToProto(Date(2009, 8, 1));
  ASSERT_OK_AND_ASSIGN(const v1::Order later, Call(&v1::OrderService::Stub::CreateOrder, request));
  EXPECT_EQ(later.total().units(), 200);
  EXPECT_EQ(SubmitOrder(later).order().total().units(), 200);
  EXPECT_EQ(WaitingOrder().order().total().units(), 375);
  // What is published after Submit changes it no more.
  ASSERT_OK(Call(&PriceStub::CreatePrice, PriceRequest("bpos-standard-suite", "test-august-2", 6, august), kOperator));
  EXPECT_EQ(Read(later).total().units(), 200);
}

TEST_F(PriceServiceTest, NamesWhatIsWrongWithAPrice) {
  v1::CreatePriceRequest request = PriceRequest("exchange-online", "test-x", 8, clock_.Now() - absl::Seconds(1));
  *request.mutable_price()->add_tiers() = request.price().tiers(0);
  ExpectViolations(Call(&PriceStub::CreatePrice, request, kOperator).status(),
                   {"price.effective_time", "price.tiers[1].minimum_quantity"});
  request.set_parent("exchange-online");
  request.set_price_id("Bad Id");
  request.mutable_price()->mutable_tiers(0)->mutable_unit_price()->set_currency_code("EUR");
  request.mutable_price()->mutable_tiers(1)->mutable_unit_price()->set_units(0);
  ExpectViolations(Call(&PriceStub::CreatePrice, request, kOperator).status(),
                   {"parent", "price_id", "price.tiers[0].unit_price.currency_code", "price.tiers[1].unit_price"});
  EXPECT_THAT(Call(&PriceStub::CreatePrice, PriceRequest("nothing", "test-x", 8, clock_.Now()), kOperator),
              HasReason("OFFER_NOT_FOUND"));
}

TEST_F(PriceServiceTest, ResolvesAPriceAndSaysWhy) {
  v1::ResolvePriceRequest request;
  request.set_offer("offers/bpos-standard-suite");
  request.set_quantity(260);
  *request.mutable_date() = rpc::ToProto(Date(2010, 6, 1));
  request.set_renewal(true);
  ASSERT_OK_AND_ASSIGN(const v1::ResolvePriceResponse answer, Call(&PriceStub::ResolvePrice, request, kBillingService));
  EXPECT_EQ(answer.price().name(), "offers/bpos-standard-suite/prices/usd-2009-11");
  EXPECT_EQ(answer.unit_price().units(), 9);
  EXPECT_EQ(answer.unit_price().nanos(), 500'000'000);
  EXPECT_EQ(answer.tier().minimum_quantity(), 250);
  EXPECT_EQ(answer.explanation_size(), 3);
  EXPECT_THAT(answer.explanation(2), ::testing::HasSubstr("made up"));
  request.set_offer("offers/nothing");
  EXPECT_THAT(Call(&PriceStub::ResolvePrice, request), HasReason("OFFER_NOT_FOUND"));
  request.set_offer("nothing");
  request.set_quantity(0);
  request.set_region_code("usa");
  ExpectViolations(Call(&PriceStub::ResolvePrice, request).status(), {"offer", "quantity", "region_code"});
}

}  // namespace
}  // namespace countersign::order
