#include "billing-service/src/domain/partner_request.h"

#include <optional>

#include "billing-service/src/domain/test_terms.h"
#include "common/base/error.h"
#include "common/testing/status_matchers.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::HasReason;

constexpr absl::Duration kNine = absl::Hours(9);

Subscription Running() {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  BillOn(suite, "2009-06-01");
  return suite;
}

absl::StatusOr<PartnerRequest> Ask(const Subscription& suite, absl::string_view partner, absl::string_view day,
                                   const std::optional<PartnerRequest>& newest = std::nullopt) {
  return AskPartner(suite, {.id = IdOf(partner), .display_name = "Partner"}, newest, StartOf(Day(day)) + kNine);
}

TEST(PartnerRequestDomainTest, WaitsThirtyDaysAndThenHasExpired) {
  Subscription suite = Running();
  PartnerRequest request = *Ask(suite, "B", "2009-06-10");
  EXPECT_EQ(request.number, 1);
  EXPECT_EQ(request.quantity, 25);
  EXPECT_EQ(request.old_partner, IdOf("A"));
  const absl::Time end = StartOf(Day("2009-07-10")) + kNine;
  EXPECT_EQ(StateAt(request, end - absl::Seconds(1)), PartnerRequestState::kWaiting);
  EXPECT_EQ(StateAt(request, end), PartnerRequestState::kExpired);
  EXPECT_THAT(AcceptRequest(request, suite, end), HasReason("PARTNER_REQUEST_STATE"));
  EXPECT_THAT(EndRequest(request, PartnerRequestState::kDeclined, end), HasReason("PARTNER_REQUEST_STATE"));
  EXPECT_EQ(suite.partners.size(), 1u);
}

TEST(PartnerRequestDomainTest, TheNextOneHasAnotherIdAndTheSamePartnerIsNotAskedTwice) {
  const Subscription suite = Running();
  const PartnerRequest first = *Ask(suite, "B", "2009-06-10");
  EXPECT_THAT(Ask(suite, "B", "2009-06-11", first), HasReason("PARTNER_REQUEST_WAITS"));
  const PartnerRequest second = *Ask(suite, "C", "2009-06-11", first);
  EXPECT_EQ(second.number, 2);
  EXPECT_NE(second.id, first.id);
  EXPECT_OK(Ask(suite, "B", "2009-07-10", first)) << "it has expired";
}

TEST(PartnerRequestDomainTest, AcceptedTheChangeIsThatOfAConfirmedOrder) {
  Subscription suite = Running();
  Subscription by_order = suite;
  PartnerRequest request = *Ask(suite, "B", "2009-06-10");
  ASSERT_OK(AcceptRequest(request, suite, StartOf(Day("2009-07-01")) + kNine));
  ASSERT_EQ(*ChangePartner(by_order, IdOf("B"), Day("2009-07-01")), Day("2009-08-01"));
  EXPECT_EQ(request.effective, Day("2009-08-01"));
  EXPECT_EQ(request.version, 2);
  ASSERT_EQ(suite.partners.size(), 2u);
  EXPECT_EQ(suite.partners[0].end, by_order.partners[0].end);
  EXPECT_EQ(suite.partners[1].start, by_order.partners[1].start);
  EXPECT_EQ(suite.partners[1].partner, IdOf("B"));
}

TEST(PartnerRequestDomainTest, WhatHappenedMeanwhileRefusesTheAcceptance) {
  const Subscription suite = Running();
  const PartnerRequest asked = *Ask(suite, "B", "2009-06-10");

  Subscription moved = suite;
  ASSERT_OK(ChangePartner(moved, IdOf("C"), Day("2009-06-12")).status());
  PartnerRequest request = asked;
  EXPECT_THAT(AcceptRequest(request, moved, StartOf(Day("2009-06-13"))), HasReason("PARTNER_CHANGE_PENDING"));
  EXPECT_THAT(AcceptRequest(request, moved, StartOf(Day("2009-07-02"))), HasReason("PARTNER_CHANGED"));
  EXPECT_EQ(moved.partners.size(), 2u);

  Subscription ended = suite;
  ended.state = SubscriptionState::kCancelled;
  EXPECT_THAT(AcceptRequest(request, ended, StartOf(Day("2009-06-13"))), HasReason("SUBSCRIPTION_STATE"));
  EXPECT_EQ(request.state, PartnerRequestState::kWaiting);
  EXPECT_EQ(request.version, 1);
}

TEST(PartnerRequestDomainTest, NobodyIsAskedForWhatCouldNotChange) {
  Subscription suite = Running();
  EXPECT_THAT(Ask(suite, "A", "2009-06-10"), HasReason("ALREADY_PARTNER_OF_RECORD"));
  ASSERT_OK(ChangePartner(suite, IdOf("C"), Day("2009-06-12")).status());
  EXPECT_THAT(Ask(suite, "B", "2009-06-13"), HasReason("PARTNER_CHANGE_PENDING"));
  suite.state = SubscriptionState::kExpired;
  EXPECT_THAT(Ask(suite, "B", "2009-07-13"), HasReason("SUBSCRIPTION_STATE"));
}

}  // namespace
}  // namespace countersign::billing
