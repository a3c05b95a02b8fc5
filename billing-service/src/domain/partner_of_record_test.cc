#include "billing-service/src/domain/partner_of_record.h"

#include <optional>
#include <vector>

#include "billing-service/src/domain/billing_run.h"
#include "billing-service/src/domain/test_terms.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;
using Kind = PartnerChangeKind;

absl::StatusOr<PartnerChange> Transfer(Subscription& suite, absl::string_view to, absl::string_view today) {
  return AnnounceChange(suite, Kind::kTransfer, IdOf("A"), IdOf(to), Day(today));
}

TEST(PartnerOfRecordTest, TheCustomerHasFourteenDaysAndThenTheMonthEnds) {
  const Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  EXPECT_EQ(NoticeEnd(suite, Day("2009-06-17")), Day("2009-07-01")) << "14 days to the day";
  EXPECT_EQ(NoticeEnd(suite, Day("2009-06-18")), Day("2009-08-01"));
  EXPECT_EQ(NoticeEnd(suite, Day("2009-05-01")), Day("2009-06-01")) << "it has not begun";
  const Subscription last_day = Seats(5, Usd(15'00), "2010-01-31");
  EXPECT_EQ(NoticeEnd(last_day, Day("2010-02-14")), Day("2010-02-28"));
  EXPECT_EQ(NoticeEnd(last_day, Day("2012-02-15")), Day("2012-02-29"));
}

TEST(PartnerOfRecordTest, FeesFollowTheNewPartnerFromItsFirstDay) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  BillOn(suite, "2009-07-01");
  EXPECT_EQ(Transfer(suite, "B", "2009-07-10")->effective, Day("2009-08-01"));
  ASSERT_TRUE(AddSeats(suite, Day("2009-07-20"), 10, Usd(10'00)).ok());
  const std::vector<InvoiceLine> lines = BillOn(suite, "2009-08-01");
  EXPECT_THAT(NetsInCents(lines), ElementsAre(375'00, 38'71, 100'00));
  EXPECT_THAT(FeesInCents(lines), ElementsAre(45'00, 4'65, 12'00));
  EXPECT_EQ(lines[0].fee_segments[0].partner, IdOf("B"));
  EXPECT_EQ(lines[1].fee_segments[0].partner, IdOf("A")) << "July's seats";
  EXPECT_EQ(lines[2].fee_segments[0].partner, IdOf("B"));
  EXPECT_EQ(PartnerAt(suite, Day("2009-07-31")), IdOf("A"));
}

TEST(PartnerOfRecordTest, WithoutASuccessorNoFeeIsFrozen) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  BillOn(suite, "2009-06-01");
  ASSERT_TRUE(AnnounceChange(suite, Kind::kResignation, IdOf("A"), std::nullopt, Day("2009-06-10")).ok());
  const std::vector<InvoiceLine> lines = BillOn(suite, "2009-07-01");
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_THAT(lines[0].fee_segments, SizeIs(0));
}

TEST(PartnerOfRecordTest, AskedAgainItIsKnownAndAnotherChangeIsRefused) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  ASSERT_FALSE(Transfer(suite, "B", "2009-06-10")->known);
  const PartnerChange again = *Transfer(suite, "B", "2009-06-20");
  EXPECT_TRUE(again.known);
  EXPECT_EQ(again.effective, Day("2009-07-01"));
  EXPECT_EQ(DetailsOf(Transfer(suite, "C", "2009-06-20").status()).reason, "PARTNER_CHANGE_PENDING");
  EXPECT_EQ(DetailsOf(ChangePartner(suite, IdOf("C"), Day("2009-06-20")).status()).reason, "PARTNER_CHANGE_PENDING");
  EXPECT_EQ(DetailsOf(Transfer(suite, "B", "2009-07-01").status()).reason, "NOT_PARTNER_OF_RECORD");
  suite.state = SubscriptionState::kCancelled;
  EXPECT_EQ(DetailsOf(Transfer(suite, "B", "2009-06-20").status()).reason, "SUBSCRIPTION_STATE");
}

TEST(PartnerOfRecordTest, WhoOptsOutIsWithoutPartnerAndMayChooseAnother) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  EXPECT_EQ(DetailsOf(OptOut(suite, Day("2009-06-10")).status()).reason, "NO_PARTNER_CHANGE_PENDING");
  ASSERT_TRUE(Transfer(suite, "B", "2009-06-10").ok());
  EXPECT_EQ(DetailsOf(OptOut(suite, Day("2009-07-01")).status()).reason, "NO_PARTNER_CHANGE_PENDING") << "too late";
  ASSERT_TRUE(OptOut(suite, Day("2009-06-30")).ok());
  EXPECT_EQ(PartnerAt(suite, Day("2009-06-30")), IdOf("A"));
  EXPECT_EQ(PartnerAt(suite, Day("2009-07-01")), std::nullopt);
  EXPECT_EQ(DetailsOf(Transfer(suite, "B", "2009-06-30").status()).reason, "PARTNER_CHANGE_PENDING")
      << "the customer refused";
  EXPECT_EQ(DetailsOf(OptOut(suite, Day("2009-06-30")).status()).reason, "NO_PARTNER_CHANGE_PENDING");
  Subscription same_day = suite;
  EXPECT_EQ(*ChangePartner(same_day, IdOf("C"), Day("2009-06-30")), Day("2009-07-01"));
  ASSERT_EQ(same_day.partners.size(), 2u);
  EXPECT_EQ(PartnerAt(same_day, Day("2009-07-01")), IdOf("C"));
  EXPECT_EQ(*ChangePartner(suite, IdOf("A"), Day("2009-08-15")), Day("2009-09-01")) << "the old one comes back";
  EXPECT_EQ(PartnerAt(suite, Day("2009-08-31")), std::nullopt);
  EXPECT_EQ(PartnerAt(suite, Day("2009-09-01")), IdOf("A"));
  EXPECT_EQ(suite.partners.front().end, Day("2009-07-01")) << "history is kept";
}

TEST(PartnerOfRecordTest, ACustomerRemovesItsPartnerFromTheNextMonthlyDayOn) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  BillOn(suite, "2009-06-01");
  const PartnerChange change = *RemovePartner(suite, Day("2009-06-30"));
  EXPECT_EQ(change.kind, Kind::kRemoval);
  EXPECT_EQ(change.from, IdOf("A"));
  EXPECT_EQ(change.effective, Day("2009-07-01")) << "no notice: whoever it is for decides";
  EXPECT_EQ(PartnerAt(suite, Day("2009-06-30")), IdOf("A"));
  const std::vector<InvoiceLine> lines = BillOn(suite, "2009-07-01");
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_THAT(lines[0].fee_segments, SizeIs(0));
  EXPECT_EQ(DetailsOf(RemovePartner(suite, Day("2009-06-30")).status()).reason, "PARTNER_CHANGE_PENDING");
  EXPECT_EQ(DetailsOf(RemovePartner(suite, Day("2009-07-01")).status()).reason, "NO_PARTNER_OF_RECORD");
  suite.state = SubscriptionState::kExpired;
  EXPECT_EQ(DetailsOf(RemovePartner(suite, Day("2009-07-01")).status()).reason, "SUBSCRIPTION_STATE");
}

TEST(PartnerOfRecordTest, TheComingChangeSaysWhoLeavesAndWhoFollowsUntilItIsThere) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  EXPECT_FALSE(ComingChange(suite, Day("2009-06-10")).has_value());
  ASSERT_TRUE(Transfer(suite, "B", "2009-06-10").ok());
  const std::optional<PartnerChange> coming = ComingChange(suite, Day("2009-06-30"));
  ASSERT_TRUE(coming.has_value());
  EXPECT_EQ(coming->kind, Kind::kTransfer);
  EXPECT_EQ(coming->from, IdOf("A"));
  EXPECT_EQ(coming->to, IdOf("B"));
  EXPECT_EQ(coming->effective, Day("2009-07-01"));
  EXPECT_FALSE(ComingChange(suite, Day("2009-07-01")).has_value());
  ASSERT_TRUE(OptOut(suite, Day("2009-06-30")).ok());
  EXPECT_EQ(ComingChange(suite, Day("2009-06-30"))->kind, Kind::kEnd) << "the old one leaves all the same";
  EXPECT_EQ(ComingChange(suite, Day("2009-06-30"))->to, std::nullopt);
  suite.state = SubscriptionState::kCancelled;
  EXPECT_FALSE(ComingChange(suite, Day("2009-06-30")).has_value());
}

TEST(PartnerOfRecordTest, BeforeTheSubscriptionBeginsItsFirstPartnerCounts) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-20");
  suite.state = SubscriptionState::kPending;
  EXPECT_EQ(Transfer(suite, "B", "2009-06-10")->effective, Day("2009-07-20"));
}

}  // namespace
}  // namespace countersign::billing
