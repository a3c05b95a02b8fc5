// What a partner does around an order: tailor, preview, update, clone, find, and look back.
#include <string>
#include <vector>

#include "common/rpc/convert.h"
#include "common/testing/status_matchers.h"
#include "countersign/order/v1/offer.pb.h"
#include "countersign/order/v1/order.pb.h"
#include "countersign/order/v1/order_service.pb.h"
#include "countersign/order/v1/promotion.pb.h"
#include "countersign/order/v1/promotion_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "order-service/src/api/api_test_base.h"

namespace countersign::order {
namespace {

using ::countersign::testing::HasReason;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class OrderLookTest : public ApiTest {
 protected:
  using PromotionStub = v1::PromotionService::Stub;

  void TearDown() override { database_->Execute("UPDATE offers SET regions = '', retired = 0, version = 0"); }

  v1::Promotion Promote(const char* offer, const char* id, int64_t units, int64_t trial_days) {
    v1::CreatePromotionRequest request;
    request.set_parent(absl::StrCat("offers/", offer));
    request.set_promotion_id(id);
    request.mutable_promotion()->set_title("Cheaper at first");
    request.mutable_promotion()->set_trial_days(trial_days);
    if (units > 0) {
      request.mutable_promotion()->add_unit_prices()->set_currency_code("USD");
      request.mutable_promotion()->mutable_unit_prices(0)->set_units(units);
    }
    *request.mutable_promotion()->mutable_end_date() = rpc::ToProto(Date(2009, 9, 1));
    request.set_request_id(NewRequestId());
    const auto promotion = Call(&PromotionStub::CreatePromotion, request, kOperator);
    EXPECT_OK(promotion);
    return promotion.value_or(v1::Promotion());
  }

  v1::UpdateOrderRequest UpdateRequest(const v1::Order& order) const {
    v1::UpdateOrderRequest request;
    request.mutable_order()->set_name(order.name());
    request.set_request_id(NewRequestId());
    return request;
  }

  std::vector<std::string> Found(const std::string& parent, const std::string& query, absl::string_view caller = "") {
    v1::SearchOrdersRequest request;
    request.set_parent(parent);
    request.set_query(query);
    const absl::StatusOr<v1::SearchOrdersResponse> found = Call(&Stub::SearchOrders, request, caller);
    EXPECT_OK(found);
    const v1::SearchOrdersResponse reply = found.value_or(v1::SearchOrdersResponse());
    std::vector<std::string> names;
    for (const v1::Order& order : reply.orders()) names.push_back(order.name());
    return names;
  }
};

TEST_F(OrderLookTest, APromotionLowersTheInitialTermAndIsToldToBillingAndTheCustomer) {
  const v1::Promotion promotion = Promote("bpos-standard-suite", "eight", 8, 0);
  v1::CreateOrderRequest create = CreateRequest();
  create.mutable_order()->mutable_lines(0)->set_promotion(promotion.name());
  ASSERT_OK_AND_ASSIGN(const v1::Order draft, Call(&Stub::CreateOrder, create));
  EXPECT_EQ(draft.total().units(), 200);
  EXPECT_EQ(draft.list_total().units(), 375);
  EXPECT_EQ(draft.commitment().units(), 2400);
  EXPECT_EQ(draft.lines(0).unit_price().units(), 8);
  EXPECT_EQ(draft.lines(0).list_unit_price().units(), 15);
  EXPECT_EQ(draft.lines(0).promotion_title(), "Cheaper at first");
  const v1::Order waiting = SubmitOrder(draft).order();
  EXPECT_EQ(Read(waiting).SerializeAsString(), waiting.SerializeAsString());
  const auto& line = billing_.requests.back().lines(0);
  EXPECT_EQ(line.unit_price().units(), 15);
  EXPECT_EQ(line.promotion().unit_price().units(), 8);
  EXPECT_EQ(line.promotion().window_end_date().month(), 9);
  EXPECT_EQ(line.price(), "offers/bpos-standard-suite/prices/usd-2009-01");
  EXPECT_EQ(line.tier_min_quantity(), 5);
  const auto& review = links_.requests.begin()->second.review();
  EXPECT_EQ(review.lines(0).list_unit_price().units(), 15);
  EXPECT_EQ(review.lines(0).promotion_title(), "Cheaper at first");
  EXPECT_EQ(review.list_total().units(), 375);
  EXPECT_EQ(review.commitment().units(), 2400);
}

TEST_F(OrderLookTest, APromotionThatIsOverIsRefusedAndItsDraftIsNotSubmitted) {
  v1::CreateOrderRequest create = CreateRequest();
  create.mutable_order()->mutable_lines(0)->set_promotion(Promote("bpos-standard-suite", "eight", 8, 0).name());
  ASSERT_OK_AND_ASSIGN(const v1::Order draft, Call(&Stub::CreateOrder, create));
  clock_.Set(StartOf(Date(2009, 9, 1)));
  EXPECT_THAT(Call(&Stub::SubmitOrder, SubmitRequest(draft)), HasReason("OFFER_NOT_AVAILABLE"));
  create.set_request_id(NewRequestId());
  ExpectViolations(Call(&Stub::CreateOrder, create).status(), {"order.lines[0].promotion"});
  create.mutable_order()->mutable_lines(0)->set_promotion("offers/exchange-online/promotions/eight");
  ExpectViolations(Call(&Stub::CreateOrder, create).status(), {"order.lines[0].promotion"});
  v1::CloneOrderRequest clone;
  clone.set_name(draft.name());
  clone.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const v1::Order cloned, Call(&Stub::CloneOrder, clone));
  EXPECT_EQ(cloned.lines(0).promotion(), "");
  EXPECT_EQ(cloned.total().units(), 375);
}

TEST_F(OrderLookTest, PreviewsWhatBillingReckonsAndWritesNothing) {
  v1::PreviewOrderRequest request;
  request.set_parent(partner_);
  *request.mutable_order() = CreateRequest().order();
  request.mutable_order()->set_region_code("US");
  *request.mutable_order()->mutable_requested_start_date() = rpc::ToProto(Date(2009, 7, 1));
  billing::v1::Invoice& first = *billing_.outlook.add_first_invoices();
  *first.mutable_issue_date() = *first.add_lines()->mutable_service_start_date() = rpc::ToProto(Date(2009, 7, 1));
  *first.mutable_lines(0)->mutable_service_end_date() = rpc::ToProto(Date(2009, 8, 1));
  first.mutable_lines(0)->set_explanation("25 × 15.00 USD × 1 month = 375.00 USD");
  first.mutable_net()->set_units(375);
  first.mutable_tax()->set_units(71);
  first.mutable_total()->set_units(446);
  billing_.outlook.mutable_commitment()->set_units(4500);
  billing_.outlook.mutable_fee()->set_units(540);
  billing_.outlook.set_tax_known(true);
  ASSERT_OK_AND_ASSIGN(v1::PreviewOrderResponse preview, Call(&Stub::PreviewOrder, request));
  EXPECT_EQ(preview.order().total().units(), 375);
  EXPECT_EQ(preview.commitment().units(), 4500);
  EXPECT_EQ(preview.estimated_fee().units(), 540);
  ASSERT_EQ(preview.first_invoices_size(), 1);
  EXPECT_EQ(preview.first_invoices(0).tax().units(), 71);
  EXPECT_EQ(preview.first_invoices(0).total().units(), 446);
  EXPECT_EQ(preview.first_invoices(0).end_date().month(), 8);
  EXPECT_EQ(preview.first_invoices(0).explanations(0), "25 × 15.00 USD × 1 month = 375.00 USD");
  const billing::v1::ActivateOrderRequest& asked = billing_.requests.back();
  EXPECT_TRUE(asked.validate_only());
  EXPECT_EQ(asked.start_date().month(), 7);
  EXPECT_EQ(asked.billing_address().region_code(), "US");

  billing_.outlook.set_tax_known(false);
  ASSERT_OK_AND_ASSIGN(preview, Call(&Stub::PreviewOrder, request));
  EXPECT_FALSE(preview.first_invoices(0).has_tax()) << "nobody knows where the customer is";
  EXPECT_FALSE(preview.first_invoices(0).has_total());
  billing_.outlook.Clear();
  ASSERT_OK_AND_ASSIGN(preview, Call(&Stub::PreviewOrder, request));
  EXPECT_FALSE(preview.has_commitment());
  EXPECT_EQ(CountRows("orders"), 0);
  request.mutable_order()->mutable_lines(0)->set_quantity(4);
  ExpectViolations(Call(&Stub::PreviewOrder, request).status(), {"order.lines[0].quantity"});
}

TEST_F(OrderLookTest, PreviewsAgainstTheAccountThatTheCustomerHas) {
  const v1::Order waiting = WaitingOrder().order();
  v1::PreviewOrderRequest request;
  request.set_parent(partner_);
  *request.mutable_order() = CreateRequest().order();
  ASSERT_OK(Call(&Stub::PreviewOrder, request));
  EXPECT_EQ(billing_.requests.back().billing_account(), waiting.billing_account());
}

TEST_F(OrderLookTest, PreviewsWhatTheAccountAsksOfPurchaseOrderNumbers) {
  v1::PreviewOrderRequest request;
  request.set_parent(partner_);
  *request.mutable_order() = CreateRequest().order();
  request.mutable_order()->clear_purchase_order_number();
  ASSERT_OK_AND_ASSIGN(v1::PreviewOrderResponse preview, Call(&Stub::PreviewOrder, request));
  EXPECT_FALSE(preview.purchase_order_rule().required());
  EXPECT_FALSE(preview.purchase_order_rule().missing());
  EXPECT_EQ(preview.purchase_order_rule().max_characters(), 64);
  billing_.po_required = true;
  ASSERT_OK_AND_ASSIGN(preview, Call(&Stub::PreviewOrder, request));
  EXPECT_TRUE(preview.purchase_order_rule().required());
  EXPECT_TRUE(preview.purchase_order_rule().missing());
  request.mutable_order()->set_purchase_order_number("PO-1");
  ASSERT_OK_AND_ASSIGN(preview, Call(&Stub::PreviewOrder, request));
  EXPECT_TRUE(preview.purchase_order_rule().required());
  EXPECT_FALSE(preview.purchase_order_rule().missing());
  request.mutable_order()->set_purchase_order_number(
      std::string(preview.purchase_order_rule().max_characters() + 1, '1'));
  ExpectViolations(Call(&Stub::PreviewOrder, request).status(), {"order.purchase_order_number"});
}

TEST_F(OrderLookTest, AnUpdateChangesWhatItNamesAndOnlyADraft) {
  v1::CreateOrderRequest create = CreateRequest();
  create.mutable_order()->set_partner_reference("REF-1");
  ASSERT_OK_AND_ASSIGN(const v1::Order draft, Call(&Stub::CreateOrder, create));
  v1::UpdateOrderRequest request = UpdateRequest(draft);
  request.mutable_order()->set_customer_note("As we discussed,\nsee you.");
  request.mutable_order()->set_purchase_order_number("PO-1");
  request.set_etag(draft.etag());
  ASSERT_OK_AND_ASSIGN(const v1::Order updated, Call(&Stub::UpdateOrder, request));
  EXPECT_EQ(updated.customer_note(), "As we discussed,\nsee you.");
  EXPECT_EQ(updated.partner_reference(), "REF-1");
  EXPECT_EQ(updated.revision(), 1);
  EXPECT_EQ(updated.total().units(), 375);
  EXPECT_EQ(EventTypes().back(), "ORDER_UPDATED");
  request = UpdateRequest(draft);
  *request.mutable_order()->add_lines() = draft.lines(0);
  request.mutable_order()->mutable_lines(0)->set_quantity(30);
  EXPECT_EQ(Call(&Stub::UpdateOrder, request)->total().units(), 450);
  request = UpdateRequest(draft);
  request.mutable_order()->set_region_code("usa");
  request.mutable_order()->set_currency_code("XXX");
  ExpectViolations(Call(&Stub::UpdateOrder, request).status(), {"order.region_code", "order.currency_code"});
  request = UpdateRequest(draft);
  ExpectViolations(Call(&Stub::UpdateOrder, request).status(), {"update_mask"});
  const v1::Order waiting = SubmitOrder(draft).order();
  EXPECT_EQ(links_.requests.begin()->second.review().customer_note(), "As we discussed,\nsee you.");
  EXPECT_EQ(billing_.requests.back().purchase_order_number(), "PO-1");
  request = UpdateRequest(waiting);
  request.mutable_order()->set_customer_note("Too late");
  EXPECT_THAT(Call(&Stub::UpdateOrder, request), HasReason("ORDER_STATE"));
}

TEST_F(OrderLookTest, ThePartnerChoosesHowLongTheCustomerMayConfirm) {
  v1::SubmitOrderRequest request = SubmitRequest(CreateOrder());
  request.set_valid_days(91);
  ExpectViolations(Call(&Stub::SubmitOrder, request).status(), {"valid_days"});
  request.set_valid_days(-1);
  ExpectViolations(Call(&Stub::SubmitOrder, request).status(), {"valid_days"});
  request.set_valid_days(90);
  ASSERT_OK_AND_ASSIGN(const v1::SubmitOrderResponse reply, Call(&Stub::SubmitOrder, request));
  EXPECT_EQ(reply.order().expire_time().seconds() - reply.order().submit_time().seconds(), 90 * 86'400);
}

TEST_F(OrderLookTest, AnOfferOfOneRegionIsSoldThereOnlyAndBilledThere) {
  database_->Execute("UPDATE offers SET regions = 'DE,US' WHERE offer_id = 'bpos-standard-suite'");
  v1::Order order = CreateOrder();
  EXPECT_THAT(Call(&Stub::SubmitOrder, SubmitRequest(order)), HasReason("OFFER_NOT_IN_REGION"));
  v1::UpdateOrderRequest update = UpdateRequest(order);
  update.mutable_order()->set_region_code("FR");
  ASSERT_OK(Call(&Stub::UpdateOrder, update));
  EXPECT_THAT(Call(&Stub::SubmitOrder, SubmitRequest(order)), HasReason("OFFER_NOT_IN_REGION"));
  update = UpdateRequest(order);
  update.mutable_order()->set_region_code("DE");
  ASSERT_OK(Call(&Stub::UpdateOrder, update));
  const v1::Order waiting = SubmitOrder(order).order();
  ExpectViolations(Call(&Stub::ConfirmOrder, ConfirmRequest(waiting), kLinkService).status(),
                   {"acceptance.billing_address.region_code"});
  v1::ConfirmOrderRequest confirm = ConfirmRequest(waiting);
  confirm.mutable_acceptance()->mutable_billing_address()->set_region_code("DE");
  EXPECT_OK(Call(&Stub::ConfirmOrder, confirm, kLinkService));
}

TEST_F(OrderLookTest, ListsWhatAPartnerMaySellToItsCustomer) {
  partners_.unauthorized = {"offers/exchange-online"};
  database_->Execute("UPDATE offers SET regions = 'DE' WHERE offer_id = 'office-live-meeting'");
  database_->Execute("UPDATE offers SET retired = 1 WHERE offer_id = 'deskless-worker-suite'");
  v1::ListSellableOffersRequest request;
  request.set_parent(customer_);
  request.set_region_code("US");
  ASSERT_OK_AND_ASSIGN(const v1::ListSellableOffersResponse reply, Call(&Stub::ListSellableOffers, request));
  std::vector<std::string> names;
  for (const v1::Offer& offer : reply.offers()) names.push_back(offer.name());
  EXPECT_THAT(names, ElementsAre("offers/bpos-standard-suite", "offers/exchange-online-deskless",
                                 "offers/office-communications-online", "offers/sharepoint-online",
                                 "offers/sharepoint-online-deskless"));
  request.set_currency_code("JPY");
  EXPECT_EQ(Call(&Stub::ListSellableOffers, request)->offers_size(), 1);
}

TEST_F(OrderLookTest, FindsAnOrderByEveryNumberThatPeopleReadToEachOther) {
  v1::CreateOrderRequest create = CreateRequest();
  create.mutable_order()->set_partner_reference("REF-1");
  create.mutable_order()->set_purchase_order_number("PO-1");
  ASSERT_OK_AND_ASSIGN(const v1::Order draft, Call(&Stub::CreateOrder, create));
  const v1::Order order = SubmitOrder(draft).order();
  CreateOrder();
  for (const std::string& query :
       {order.order_number(), std::string("REF-1"), std::string("PO-1"), order.billing_account()}) {
    EXPECT_THAT(Found(partner_, query), ElementsAre(order.name())) << query;
    EXPECT_THAT(Found("partners/-", query, kOperator), ElementsAre(order.name())) << query;
  }
  EXPECT_THAT(Found(partner_, "注文"), IsEmpty());
  EXPECT_THAT(Found("partners/0190a5b2-7c3d-7e4f-8a6b-ffffffffffff", "REF-1", kOperator), IsEmpty());
  v1::SearchOrdersRequest request;
  request.set_parent("partners/-");
  request.set_query("REF-1");
  EXPECT_THAT(Call(&Stub::SearchOrders, request), HasReason("RESOURCE_NOT_FOUND"));
  request.set_query("");
  ExpectViolations(Call(&Stub::SearchOrders, request, kOperator).status(), {"query"});
}

TEST_F(OrderLookTest, EveryRevisionThatTheCustomerSawStaysReadable) {
  const v1::Order first = WaitingOrder().order();
  v1::ReviseOrderRequest revise = ReviseRequest(first);
  revise.mutable_order()->mutable_lines(0)->set_quantity(30);
  revise.mutable_order()->set_customer_note("Five more.");
  ASSERT_OK(Call(&Stub::ReviseOrder, revise));
  v1::ListOrderRevisionsRequest list;
  list.set_parent(first.name());
  list.set_page_size(1);
  ASSERT_OK_AND_ASSIGN(const v1::ListOrderRevisionsResponse page, Call(&Stub::ListOrderRevisions, list));
  ASSERT_EQ(page.order_revisions_size(), 1);
  EXPECT_EQ(page.order_revisions(0).name(), first.name() + "/revisions/1");
  EXPECT_EQ(page.order_revisions(0).state(), v1::Order::STATE_AWAITING_CONFIRMATION);
  EXPECT_EQ(page.order_revisions(0).total().units(), 375);
  EXPECT_EQ(page.order_revisions(0).link(), first.link());
  list.set_page_token(page.next_page_token());
  ASSERT_OK_AND_ASSIGN(const v1::ListOrderRevisionsResponse rest, Call(&Stub::ListOrderRevisions, list));
  ASSERT_EQ(rest.order_revisions_size(), 1);
  EXPECT_EQ(rest.order_revisions(0).revision(), 2);
  EXPECT_EQ(rest.order_revisions(0).customer_note(), "Five more.");
  list.clear_page_token();
  list.set_filter("state = DRAFT");
  EXPECT_EQ(Call(&Stub::ListOrderRevisions, list)->order_revisions(0).revision(), 2);
  v1::GetOrderRevisionRequest get;
  get.set_name(first.name() + "/revisions/1");
  EXPECT_EQ(Call(&Stub::GetOrderRevision, get)->SerializeAsString(), page.order_revisions(0).SerializeAsString());
  get.set_name(first.name() + "/revisions/3");
  EXPECT_THAT(Call(&Stub::GetOrderRevision, get), HasReason("REVISION_NOT_FOUND"));
  get.set_name(first.name() + "/revisions/01");
  ExpectViolations(Call(&Stub::GetOrderRevision, get).status(), {"name"});
}

TEST_F(OrderLookTest, ACloneIsANewDraftOfTheSameContentsAtTodaysPrices) {
  v1::CreateOrderRequest create = CreateRequest();
  create.mutable_order()->set_customer_note("Again?");
  *create.mutable_order()->mutable_requested_start_date() = rpc::ToProto(Date(2009, 6, 20));
  ASSERT_OK_AND_ASSIGN(const v1::Order first, Call(&Stub::CreateOrder, create));
  ASSERT_OK(Call(&Stub::CancelOrder, CancelRequest(first)));
  clock_.Set(StartOf(Date(2009, 11, 2)));
  v1::CloneOrderRequest clone;
  clone.set_name(first.name());
  clone.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const v1::Order second, Call(&Stub::CloneOrder, clone));
  EXPECT_NE(second.name(), first.name());
  EXPECT_EQ(second.state(), v1::Order::STATE_DRAFT);
  EXPECT_EQ(second.customer_note(), "Again?");
  EXPECT_EQ(second.total().units(), 250);
  EXPECT_FALSE(second.has_requested_start_date());
  EXPECT_EQ(Call(&Stub::CloneOrder, clone)->SerializeAsString(), second.SerializeAsString());
}

}  // namespace
}  // namespace countersign::order
