#include <string>
#include <vector>

#include "billing-service/src/api/api_test_base.h"
#include "billing-service/src/store/subscription_store.h"
#include "countersign/billing/v1/activation_service.pb.h"
#include "countersign/billing/v1/partner_of_record.pb.h"
#include "countersign/billing/v1/partner_of_record_service.grpc.pb.h"
#include "countersign/billing/v1/subscription.pb.h"
#include "countersign/partner/v1/partner.pb.h"
#include "gmock/gmock.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Service = v1::PartnerOfRecordService::Stub;

class PartnerOfRecordServiceTest : public ApiTest {
 protected:
  std::string Start(const std::string& order = "order") {
    const absl::StatusOr<v1::ActivateOrderResponse> activated = Activate(OrderRequest(order));
    EXPECT_OK(activated);
    return activated.ok() ? activated->subscriptions(0) : "";
  }

  // As the partner itself reads them.
  std::vector<v1::PartnerSubscription> ListOf(const std::string& partner, const std::string& filter = "") {
    v1::ListPartnerSubscriptionsRequest request;
    request.set_parent(partner);
    request.set_filter(filter);
    request.set_page_size(1);
    std::vector<v1::PartnerSubscription> all;
    do {
      const absl::StatusOr<v1::ListPartnerSubscriptionsResponse> page =
          Call(&Service::ListPartnerSubscriptions, request, partner);
      EXPECT_OK(page);
      if (!page.ok()) return all;
      all.insert(all.end(), page->partner_subscriptions().begin(), page->partner_subscriptions().end());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return all;
  }

  v1::TransferPartnerSubscriptionsRequest TransferRequest() const {
    v1::TransferPartnerSubscriptionsRequest request;
    request.set_parent(partner_);
    request.set_new_partner(other_);
    request.set_reason("the partner leaves the programme");
    request.set_request_id(NewRequestId());
    return request;
  }
  absl::StatusOr<v1::PartnerChangeReport> Transfer(const v1::TransferPartnerSubscriptionsRequest& request) {
    return Call(&Service::TransferPartnerSubscriptions, request);
  }

  v1::OptOutOfPartnerTransferRequest OptOutRequest(const std::string& subscription) const {
    v1::OptOutOfPartnerTransferRequest request;
    request.set_name(subscription);
    request.set_reason("the customer wrote");
    request.set_request_id(NewRequestId());
    return request;
  }

  v1::ResignPartnerOfRecordRequest ResignRequest(const std::string& partner, const std::string& subscription) const {
    v1::ResignPartnerOfRecordRequest request;
    request.set_partner(partner);
    request.set_subscription(subscription);
    request.set_reason("we close");
    request.set_request_id(NewRequestId());
    return request;
  }

  const std::string other_ = absl::StrCat("partners/", Uuid::Derived({"other"}).ToString());
};

TEST_F(PartnerOfRecordServiceTest, APartnerReadsWhatItSoldAndNothingOfTheCustomer) {
  Start("first");
  Start("second");
  const std::vector<v1::PartnerSubscription> own = ListOf(partner_);
  ASSERT_THAT(own, SizeIs(2));
  EXPECT_EQ(own[0].quantity(), 25);
  EXPECT_EQ(own[0].of_record_from_date().month(), 6);
  EXPECT_FALSE(own[0].has_of_record_until_date());
  EXPECT_FALSE(own[0].order().empty());
  EXPECT_THAT(ListOf(partner_, "state = CANCELLED"), IsEmpty());
  EXPECT_THAT(ListOf(other_), IsEmpty());
  v1::ListPartnerSubscriptionsRequest request;
  request.set_parent(partner_);
  EXPECT_THAT(Call(&Service::ListPartnerSubscriptions, request, other_), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(PartnerOfRecordServiceTest, ATransferIsAnnouncedAndTheNewPartnerSeesNothingBefore) {
  const std::string subscription = Start();
  v1::TransferPartnerSubscriptionsRequest request = TransferRequest();
  request.set_validate_only(true);
  ASSERT_OK_AND_ASSIGN(const v1::PartnerChangeReport dry, Transfer(request));
  EXPECT_EQ(dry.changed_count(), 1);
  EXPECT_EQ(CountRows("partner_assignments"), 1) << "a dry run";
  request.set_validate_only(false);
  ASSERT_OK_AND_ASSIGN(const v1::PartnerChangeReport report, Transfer(request));
  EXPECT_EQ(report.SerializeAsString(), dry.SerializeAsString());
  EXPECT_EQ(report.entries(0).change().effective_date().month(), 7);
  EXPECT_EQ(report.entries(0).change().opt_out_until_date().day(), 30);
  const v1::SubscriptionEvent event = EventOf<v1::SubscriptionEvent>("SUBSCRIPTION_PARTNER_TRANSFER_ANNOUNCED");
  EXPECT_EQ(event.partner_change().new_partner(), other_);
  EXPECT_EQ(event.partner_change().old_partner(), partner_);
  SetDay(Date(2009, 6, 30));
  EXPECT_THAT(ListOf(other_), IsEmpty());
  ASSERT_THAT(ListOf(partner_), SizeIs(1));
  EXPECT_EQ(ListOf(partner_)[0].of_record_until_date().month(), 7);
  SetDay(Date(2009, 7, 1));
  EXPECT_THAT(ListOf(partner_), IsEmpty());
  ASSERT_THAT(ListOf(other_), SizeIs(1));
  EXPECT_EQ(ListOf(other_)[0].order(), "") << "it was the old partner's order";
  ASSERT_OK_AND_ASSIGN(const v1::Subscription read, GetSubscription(subscription));
  EXPECT_EQ(read.partner_of_record(), other_);
  EXPECT_THAT(read.partner_assignments(), SizeIs(2));
}

TEST_F(PartnerOfRecordServiceTest, InPartsAndAgainItIsAnnouncedOnce) {
  for (const char* order : {"first", "second", "third"}) Start(order);
  v1::TransferPartnerSubscriptionsRequest request = TransferRequest();
  request.set_max_subscriptions(2);
  ASSERT_OK_AND_ASSIGN(const v1::PartnerChangeReport first, Transfer(request));
  EXPECT_EQ(first.changed_count(), 2);
  EXPECT_EQ(CountRows("partner_assignments"), 5);
  ASSERT_OK_AND_ASSIGN(const v1::PartnerChangeReport same, Transfer(request));
  EXPECT_EQ(first.SerializeAsString(), same.SerializeAsString());
  request.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const v1::PartnerChangeReport again, Transfer(request));
  EXPECT_EQ(first.SerializeAsString(), again.SerializeAsString()) << "it is announced already";
  request.set_request_id(NewRequestId());
  request.set_start_after(first.next_start_after());
  ASSERT_OK_AND_ASSIGN(const v1::PartnerChangeReport rest, Transfer(request));
  EXPECT_EQ(rest.changed_count(), 1);
  EXPECT_EQ(rest.next_start_after(), "");
  EXPECT_EQ(CountRows("events WHERE type = 'SUBSCRIPTION_PARTNER_TRANSFER_ANNOUNCED'"), 3);
}

TEST_F(PartnerOfRecordServiceTest, WhatCannotBeChangedIsReportedAndTheOthersGoOn) {
  const std::string pending = Start("first");
  Start("second");
  ASSERT_OK(Call(&Service::ResignPartnerOfRecord, ResignRequest(partner_, pending), partner_));
  ASSERT_OK_AND_ASSIGN(const v1::PartnerChangeReport report, Transfer(TransferRequest()));
  EXPECT_EQ(report.changed_count(), 1);
  EXPECT_EQ(report.refused_count(), 1);
  for (const v1::PartnerChangeReport::Entry& entry : report.entries()) {
    EXPECT_EQ(entry.refusal_reason(), entry.subscription() == pending ? "PARTNER_CHANGE_PENDING" : "");
  }
}

TEST_F(PartnerOfRecordServiceTest, TheCustomerMayOptOutUntilTheDayBefore) {
  const std::string subscription = Start();
  EXPECT_THAT(Call(&Service::OptOutOfPartnerTransfer, OptOutRequest(subscription)),
              HasReason("NO_PARTNER_CHANGE_PENDING"));
  ASSERT_OK(Transfer(TransferRequest()));
  SetDay(Date(2009, 6, 30));
  ASSERT_OK_AND_ASSIGN(const v1::Subscription kept,
                       Call(&Service::OptOutOfPartnerTransfer, OptOutRequest(subscription)));
  EXPECT_EQ(kept.partner_of_record(), partner_);
  EXPECT_EQ(EventOf<v1::SubscriptionEvent>("SUBSCRIPTION_PARTNER_REFUSED").partner_change().kind(),
            v1::Subscription::PartnerChange::KIND_OPT_OUT);
  SetDay(Date(2009, 7, 1));
  EXPECT_THAT(ListOf(other_), IsEmpty());
  EXPECT_THAT(ListOf(partner_), IsEmpty());
  EXPECT_THAT(Call(&Service::OptOutOfPartnerTransfer, OptOutRequest(subscription)),
              HasReason("NO_PARTNER_CHANGE_PENDING"));
}

TEST_F(PartnerOfRecordServiceTest, TheCustomerRemovesItsPartner) {
  v1::RemovePartnerOfRecordRequest request;
  request.set_name(Start());
  request.set_reason("the customer asked for it");
  request.set_request_id(NewRequestId());
  request.set_validate_only(true);
  ASSERT_OK_AND_ASSIGN(const v1::Subscription would, Call(&Service::RemovePartnerOfRecord, request));
  EXPECT_EQ(would.partner_assignments(0).end_date().month(), 7);
  EXPECT_EQ(CountRows("partner_assignments WHERE end_date IS NULL"), 1);
  request.set_validate_only(false);
  ASSERT_OK_AND_ASSIGN(const v1::Subscription removed,
                       Call(&Service::RemovePartnerOfRecord, request, "services/link-service"));
  EXPECT_EQ(removed.partner_assignments(0).end_date().day(), 1);
  EXPECT_EQ(EventOf<v1::SubscriptionEvent>("SUBSCRIPTION_PARTNER_REMOVED").partner_change().kind(),
            v1::Subscription::PartnerChange::KIND_REMOVAL);
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Call(&Service::RemovePartnerOfRecord, request), HasReason("PARTNER_CHANGE_PENDING"));
  SetDay(Date(2009, 7, 1));
  EXPECT_THAT(ListOf(partner_), IsEmpty());
  EXPECT_THAT(Call(&Service::RemovePartnerOfRecord, request), HasReason("NO_PARTNER_OF_RECORD"));
}

TEST_F(PartnerOfRecordServiceTest, APartnerGivesUpItsOwnAndNoOther) {
  const std::string subscription = Start();
  EXPECT_THAT(Call(&Service::ResignPartnerOfRecord, ResignRequest(other_, subscription), other_),
              HasReason("SUBSCRIPTION_NOT_FOUND"));
  EXPECT_THAT(Call(&Service::ResignPartnerOfRecord, ResignRequest(partner_, subscription), other_),
              StatusIs(absl::StatusCode::kNotFound));
  ASSERT_OK_AND_ASSIGN(const v1::PartnerSubscription resigned,
                       Call(&Service::ResignPartnerOfRecord, ResignRequest(partner_, subscription), partner_));
  EXPECT_EQ(resigned.of_record_until_date().month(), 7);
  EXPECT_THAT(Call(&Service::ResignPartnerOfRecord, ResignRequest(partner_, subscription), partner_),
              HasReason("PARTNER_CHANGE_PENDING"));
}

TEST_F(PartnerOfRecordServiceTest, EndsWithoutASuccessor) {
  const std::string subscription = Start();
  v1::EndPartnerOfRecordRequest request;
  request.set_parent(partner_);
  request.set_reason("terminated");
  request.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const v1::PartnerChangeReport report, Call(&Service::EndPartnerOfRecord, request));
  EXPECT_EQ(report.entries(0).change().kind(), v1::Subscription::PartnerChange::KIND_END);
  EXPECT_FALSE(report.entries(0).change().has_opt_out_until_date());
  ASSERT_OK_AND_ASSIGN(const v1::Subscription read, GetSubscription(subscription));
  ASSERT_THAT(read.partner_assignments(), SizeIs(1));
  EXPECT_EQ(read.partner_assignments(0).end_date().month(), 7);
}

TEST_F(PartnerOfRecordServiceTest, RefusesANewPartnerThatIsNotActiveAndBadFields) {
  Start();
  payees_.state = partner::v1::Partner::STATE_SUSPENDED;
  EXPECT_THAT(Transfer(TransferRequest()), HasReason("NEW_PARTNER_NOT_ACTIVE"));
  v1::TransferPartnerSubscriptionsRequest bad = TransferRequest();
  bad.set_new_partner(partner_);
  bad.set_start_after("billingAccounts/-");
  bad.set_max_subscriptions(101);
  bad.clear_reason();
  ExpectViolations(Transfer(bad).status(), {"start_after", "max_subscriptions", "reason", "new_partner"});
  EXPECT_EQ(CountRows("partner_assignments"), 1);
}

// Of record until 08-01, and again from 09-01 on: two assignments that are not over.
TEST_F(PartnerOfRecordServiceTest, APageOfAPartnersSubscriptionsCountsEachOnce) {
  Start("first");
  Start("second");
  database_->Execute("UPDATE partner_assignments SET end_date = '2009-08-01'");
  database_->Execute(
      "INSERT INTO partner_assignments (account_id, subscription_id, start_date, partner_id, end_date) "
      "SELECT account_id, subscription_id, '2009-09-01', partner_id, NULL FROM partner_assignments");
  const SubscriptionStore subscriptions(database_->database());
  ASSERT_OK_AND_ASSIGN(const mysql::Page<Subscription> page,
                       subscriptions.ListRunningOfPartner(testing::TestDeadline(), Uuid::Derived({"partner"}),
                                                          Date(2009, 6, 1), {}, /*count=*/1));
  ASSERT_THAT(page.items, SizeIs(1));
  EXPECT_NE(page.next, "") << "there is a second one";
  EXPECT_EQ(page.items[0].partners.size(), 2u);
}

}  // namespace
}  // namespace countersign::billing
