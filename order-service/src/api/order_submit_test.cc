#include <string>

#include "common/base/date.h"
#include "common/rpc/convert.h"
#include "countersign/billing/v1/activation_service.pb.h"
#include "countersign/link/v1/link_service.pb.h"
#include "countersign/order/v1/order.pb.h"
#include "countersign/order/v1/order_service.pb.h"
#include "countersign/partner/v1/partner.pb.h"
#include "gmock/gmock.h"
#include "order-service/src/api/api_test_base.h"

namespace countersign::order {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using ::testing::ElementsAre;

class OrderSubmitTest : public ApiTest {
 protected:
  // Nothing of the order was changed by a Submit that failed.
  void ExpectStillDraft(const v1::Order& draft) {
    EXPECT_EQ(Read(draft).SerializeAsString(), draft.SerializeAsString());
    EXPECT_EQ(CountRows("customer_accounts"), 0);
    EXPECT_THAT(EventTypes(), ElementsAre("ORDER_CREATED"));
  }
};

TEST_F(OrderSubmitTest, GivesTheOrderALinkThatShowsWhatTheCustomerSigns) {
  const v1::SubmitOrderResponse reply = WaitingOrder();
  const v1::Order& order = reply.order();
  EXPECT_EQ(order.state(), v1::Order::STATE_AWAITING_CONFIRMATION);
  EXPECT_EQ(order.expire_time().seconds() - order.submit_time().seconds(), 30 * 24 * 3600);
  EXPECT_THAT(order.billing_account(), ::testing::StartsWith("billingAccounts/"));
  ASSERT_EQ(links_.requests.size(), 1);
  const link::v1::IssueLinkRequest& asked = links_.requests.begin()->second;
  EXPECT_EQ(order.link(), asked.name());
  EXPECT_EQ(asked.order(), order.name());
  EXPECT_EQ(asked.billing_account(), order.billing_account());
  EXPECT_EQ(asked.review().order_number(), order.order_number());
  EXPECT_EQ(asked.review().partner_display_name(), "Contoso Consulting");
  EXPECT_EQ(asked.review().partner_contact_email(), "sales@contoso.example");
  EXPECT_EQ(asked.review().customer_display_name(), "Fabrikam, Inc.");
  EXPECT_EQ(asked.review().lines(0).offer_title(), "BPOS Standard Suite");
  EXPECT_EQ(asked.review().total().units(), 375);
  EXPECT_EQ(asked.review().billing_period_months(), 1);
  EXPECT_FALSE(asked.review().payer_on_file());
  EXPECT_EQ(reply.confirmation_url(), links_.urls.at(order.link()));
  EXPECT_EQ(Read(order).SerializeAsString(), order.SerializeAsString());
  EXPECT_THAT(EventTypes(), ElementsAre("ORDER_CREATED", "ORDER_SUBMITTED"));
}

TEST_F(OrderSubmitTest, AsksBillingBeforeTheCustomerIsAsked) {
  const v1::Order order = WaitingOrder().order();
  ASSERT_EQ(billing_.requests.size(), 1);
  const billing::v1::ActivateOrderRequest& asked = billing_.requests[0];
  EXPECT_TRUE(asked.validate_only());
  EXPECT_EQ(asked.billing_account(), order.billing_account());
  EXPECT_EQ(asked.lines(0).unit_price().units(), 15);
  EXPECT_EQ(asked.billing_period_months(), 1);
}

TEST_F(OrderSubmitTest, RefusesOffersThatThePartnerMayNotSell) {
  v1::CreateOrderRequest create = CreateRequest();
  for (const char* offer : {"offers/exchange-online", "offers/sharepoint-online"}) {
    v1::Order::Line& line = *create.mutable_order()->add_lines();
    line.set_offer(offer);
    line.set_quantity(25);
  }
  ASSERT_OK_AND_ASSIGN(const v1::Order draft, Call(&Stub::CreateOrder, create));
  partners_.unauthorized = {"offers/exchange-online", "offers/sharepoint-online", "offers/other"};
  v1::SubmitOrderRequest request = SubmitRequest(draft);
  for (const bool validate_only : {true, false}) {
    request.set_validate_only(validate_only);
    const auto refused = Call(&Stub::SubmitOrder, request);
    EXPECT_THAT(refused, HasReason("OFFER_NOT_AUTHORIZED"));
    EXPECT_THAT(DetailsOf(refused.status()).metadata,
                ElementsAre(::testing::Pair("offers", "offers/exchange-online,offers/sharepoint-online")));
  }
  ExpectStillDraft(draft);
  EXPECT_TRUE(links_.requests.empty());
  partners_.unauthorized = {"offers/other"};
  EXPECT_OK(Call(&Stub::SubmitOrder, request));
}

TEST_F(OrderSubmitTest, MakesNoNewLinkForAnOfferThatThePartnerMayNoLongerSell) {
  const v1::Order waiting = WaitingOrder().order();
  partners_.unauthorized = {"offers/bpos-standard-suite"};
  EXPECT_THAT(Call(&Stub::ReissueLink, ReissueRequest(waiting)), HasReason("OFFER_NOT_AUTHORIZED"));
  EXPECT_EQ(Read(waiting).SerializeAsString(), waiting.SerializeAsString());
}

TEST_F(OrderSubmitTest, OneCustomerHasOneAccountPerCurrency) {
  EXPECT_EQ(WaitingOrder().order().billing_account(), WaitingOrder().order().billing_account());
  EXPECT_EQ(CountRows("customer_accounts"), 1);
  EXPECT_EQ(CountRows("partner_states"), 1);
}

TEST_F(OrderSubmitTest, PricesAgainAtTheMomentOfSubmit) {
  const v1::Order draft = CreateOrder();
  clock_.Set(StartOf(Date(2009, 11, 2)));
  const v1::Order order = SubmitOrder(draft).order();
  EXPECT_EQ(order.lines(0).price(), "offers/bpos-standard-suite/prices/usd-2009-11");
  EXPECT_EQ(order.total().units(), 250);
}

TEST_F(OrderSubmitTest, AReplayShowsTheSameUrlThatWasNeverStored) {
  const v1::SubmitOrderRequest request = SubmitRequest(CreateOrder());
  ASSERT_OK_AND_ASSIGN(const v1::SubmitOrderResponse first, Call(&Stub::SubmitOrder, request));
  clock_.Advance(absl::Hours(1));
  ASSERT_OK(Call(&Stub::CancelOrder, CancelRequest(first.order())));
  ASSERT_OK_AND_ASSIGN(const v1::SubmitOrderResponse again, Call(&Stub::SubmitOrder, request));
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
  EXPECT_EQ(links_.requests.size(), 1);
  for (const mysql::Row& row : database_->Query("SELECT reply FROM stored_replies")) {
    EXPECT_THAT(row.Bytes(0), ::testing::Not(::testing::HasSubstr(first.confirmation_url())));
  }
}

TEST_F(OrderSubmitTest, AReplayThatCannotShowTheUrlSaysSo) {
  const v1::SubmitOrderRequest request = SubmitRequest(CreateOrder());
  ASSERT_OK(Call(&Stub::SubmitOrder, request));
  partners_.partner.set_display_name("Renamed since");
  EXPECT_THAT(Call(&Stub::SubmitOrder, request), HasReason("SECRET_NO_LONGER_SHOWN"));
  partners_.failure = FailedPrecondition("CUSTOMER_ARCHIVED", "archived since", {});
  EXPECT_THAT(Call(&Stub::SubmitOrder, request), HasReason("SECRET_NO_LONGER_SHOWN"));
}

TEST_F(OrderSubmitTest, ValidateOnlyMakesNoLink) {
  const v1::Order draft = CreateOrder();
  v1::SubmitOrderRequest request = SubmitRequest(draft);
  request.set_validate_only(true);
  ASSERT_OK_AND_ASSIGN(const v1::SubmitOrderResponse reply, Call(&Stub::SubmitOrder, request));
  EXPECT_EQ(reply.confirmation_url(), "");
  EXPECT_TRUE(links_.requests.empty());
  ExpectStillDraft(draft);
}

TEST_F(OrderSubmitTest, RefusesWhoMayNotSell) {
  const v1::Order draft = CreateOrder();
  partners_.partner.set_agreement_current(false);
  EXPECT_THAT(Call(&Stub::SubmitOrder, SubmitRequest(draft)), HasReason("AGREEMENT_NOT_ACCEPTED"));
  partners_.partner.set_state(partner::v1::Partner::STATE_SUSPENDED);
  EXPECT_THAT(Call(&Stub::SubmitOrder, SubmitRequest(draft)), HasReason("PARTNER_NOT_ACTIVE"));
  ExpectStillDraft(draft);
}

TEST_F(OrderSubmitTest, ASuspensionThatWasPushedCountsBeforeAnOlderAnswer) {
  const v1::Order draft = CreateOrder();
  ApplyPartnerState(4, false);
  EXPECT_THAT(Call(&Stub::SubmitOrder, SubmitRequest(draft)), HasReason("PARTNER_NOT_ACTIVE"));
}

TEST_F(OrderSubmitTest, PassesOnWhyBillingRefuses) {
  const v1::Order draft = CreateOrder();
  billing_.failure = FailedPrecondition("CURRENCY_MISMATCH", "The account has another currency.");
  EXPECT_THAT(Call(&Stub::SubmitOrder, SubmitRequest(draft)), HasReason("CURRENCY_MISMATCH"));
  ExpectStillDraft(draft);
}

TEST_F(OrderSubmitTest, APeerThatIsDownChangesNothing) {
  const v1::Order draft = CreateOrder();
  for (absl::Status* failure : {&partners_.failure, &billing_.failure, &links_.failure}) {
    *failure = PeerDown();
    EXPECT_THAT(Call(&Stub::SubmitOrder, SubmitRequest(draft)), StatusIs(absl::StatusCode::kUnavailable));
    *failure = absl::OkStatus();
  }
  ExpectStillDraft(draft);
  EXPECT_OK(Call(&Stub::SubmitOrder, SubmitRequest(draft)));
}

TEST_F(OrderSubmitTest, ALinkThatNoOrderNamesDoesNotHoldUpTheNextTry) {
  const v1::Order draft = CreateOrder();
  const v1::SubmitOrderRequest request = SubmitRequest(draft);
  // The first try dies between IssueLink and its commit: the link is there, the order does not know it.
  database_->Execute("ALTER TABLE orders ADD CONSTRAINT died CHECK (state = 'DRAFT')");
  EXPECT_FALSE(Call(&Stub::SubmitOrder, request).ok());
  database_->Execute("ALTER TABLE orders DROP CONSTRAINT died");
  ASSERT_EQ(links_.urls.size(), 1);
  clock_.Advance(absl::Minutes(1));
  ASSERT_OK_AND_ASSIGN(const v1::SubmitOrderResponse reply, Call(&Stub::SubmitOrder, request));
  EXPECT_EQ(reply.confirmation_url(), links_.urls.at(reply.order().link()));
  EXPECT_EQ(links_.urls.size(), 2);
}

TEST_F(OrderSubmitTest, RefusesAStartDateThatHasPassed) {
  v1::CreateOrderRequest create = CreateRequest();
  *create.mutable_order()->mutable_requested_start_date() = rpc::ToProto(Date(2009, 6, 1));
  ASSERT_OK_AND_ASSIGN(const v1::Order draft, Call(&Stub::CreateOrder, create));
  clock_.Advance(absl::Hours(24));
  EXPECT_THAT(Call(&Stub::SubmitOrder, SubmitRequest(draft)), HasReason("START_DATE_PASSED"));
}

TEST_F(OrderSubmitTest, RefusesAnOrderThatIsSubmittedAlready) {
  const v1::Order order = WaitingOrder().order();
  EXPECT_THAT(Call(&Stub::SubmitOrder, SubmitRequest(order)), HasReason("ORDER_STATE"));
}

TEST_F(OrderSubmitTest, AReissuedLinkReplacesTheOldOne) {
  const v1::SubmitOrderResponse first = WaitingOrder();
  const v1::ReissueLinkRequest request = ReissueRequest(first.order());
  ASSERT_OK_AND_ASSIGN(const v1::SubmitOrderResponse second, Call(&Stub::ReissueLink, request));
  EXPECT_NE(second.order().link(), first.order().link());
  EXPECT_NE(second.confirmation_url(), first.confirmation_url());
  EXPECT_EQ(second.order().revision(), 1);
  EXPECT_EQ(second.order().expire_time().seconds(), first.order().expire_time().seconds());
  ASSERT_OK_AND_ASSIGN(const v1::SubmitOrderResponse again, Call(&Stub::ReissueLink, request));
  EXPECT_EQ(again.SerializeAsString(), second.SerializeAsString());
  EXPECT_THAT(Call(&Stub::ConfirmOrder, ConfirmRequest(first.order()), kLinkService), HasReason("LINK_NOT_CURRENT"));
  EXPECT_OK(Call(&Stub::ConfirmOrder, ConfirmRequest(second.order()), kLinkService));
}

TEST_F(OrderSubmitTest, EveryTryToReissueMakesItsOwnLink) {
  const v1::Order waiting = WaitingOrder().order();
  database_->Execute("ALTER TABLE orders ADD CONSTRAINT died CHECK (links_made < 2)");
  EXPECT_FALSE(Call(&Stub::ReissueLink, ReissueRequest(waiting)).ok());
  database_->Execute("ALTER TABLE orders DROP CONSTRAINT died");
  clock_.Advance(absl::Hours(25));
  ASSERT_OK_AND_ASSIGN(const v1::SubmitOrderResponse reply, Call(&Stub::ReissueLink, ReissueRequest(waiting)));
  EXPECT_EQ(links_.urls.size(), 3);
  EXPECT_EQ(reply.confirmation_url(), links_.urls.at(reply.order().link()));
}

TEST_F(OrderSubmitTest, ExtendsTheTimeOfAWaitingOrderAndItsLinkStays) {
  const v1::Order waiting = WaitingOrder().order();
  const v1::ExtendExpiryRequest request = ExtendRequest(waiting, absl::Hours(90 * 24));
  clock_.Advance(absl::Hours(24));
  ASSERT_OK_AND_ASSIGN(const v1::Order extended, Call(&Stub::ExtendExpiry, request));
  EXPECT_EQ(extended.state(), v1::Order::STATE_AWAITING_CONFIRMATION);
  EXPECT_EQ(extended.link(), waiting.link());
  EXPECT_EQ(extended.expire_time().seconds(), request.expire_time().seconds());
  EXPECT_EQ(EventTypes().back(), "ORDER_EXPIRY_EXTENDED");
  ASSERT_OK_AND_ASSIGN(const v1::Order again, Call(&Stub::ExtendExpiry, request));
  EXPECT_EQ(again.SerializeAsString(), extended.SerializeAsString());
  clock_.Advance(absl::Hours(60 * 24));
  ASSERT_OK_AND_ASSIGN(const v1::Order confirmed, Call(&Stub::ConfirmOrder, ConfirmRequest(waiting), kLinkService));
  EXPECT_EQ(confirmed.state(), v1::Order::STATE_CONFIRMED);
}

TEST_F(OrderSubmitTest, RefusesMoreTimeThanThereIs) {
  const v1::Order waiting = WaitingOrder().order();
  EXPECT_THAT(Call(&Stub::ExtendExpiry, ExtendRequest(waiting, absl::Hours(91 * 24))),
              HasReason("EXPIRY_OUT_OF_RANGE"));
  EXPECT_THAT(Call(&Stub::ExtendExpiry, ExtendRequest(waiting, absl::Hours(30 * 24))),
              HasReason("EXPIRY_OUT_OF_RANGE"));
  EXPECT_THAT(Call(&Stub::ExtendExpiry, ExtendRequest(CreateOrder(), absl::Hours(60 * 24))), HasReason("ORDER_STATE"));
  v1::ExtendExpiryRequest request = ExtendRequest(waiting, absl::Hours(60 * 24));
  request.set_etag("99");
  EXPECT_THAT(Call(&Stub::ExtendExpiry, request), HasReason("ETAG_MISMATCH"));
  EXPECT_THAT(Call(&Stub::ExtendExpiry, ExtendRequest(waiting, absl::Hours(60 * 24)), "partners/" + NewRequestId()),
              StatusIs(absl::StatusCode::kNotFound));
  ExpectViolations(Call(&Stub::ExtendExpiry, v1::ExtendExpiryRequest()).status(),
                   {"name", "expire_time", "request_id"});
  clock_.Advance(absl::Hours(30 * 24));
  EXPECT_THAT(Call(&Stub::ExtendExpiry, ExtendRequest(waiting, absl::Hours(60 * 24))), HasReason("ORDER_EXPIRED"));
  EXPECT_EQ(Read(waiting).expire_time().seconds(), waiting.expire_time().seconds());
}

TEST_F(OrderSubmitTest, ReissuesOnlyWhatWaits) {
  EXPECT_THAT(Call(&Stub::ReissueLink, ReissueRequest(CreateOrder())), HasReason("ORDER_STATE"));
  const v1::Order waiting = WaitingOrder().order();
  clock_.Advance(absl::Hours(30 * 24));
  EXPECT_THAT(Call(&Stub::ReissueLink, ReissueRequest(waiting)), HasReason("ORDER_EXPIRED"));
}

}  // namespace
}  // namespace countersign::order
