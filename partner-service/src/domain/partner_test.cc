#include "partner-service/src/domain/partner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <utility>

#include "common/base/error.h"

namespace countersign::partner {
namespace {

using ::testing::HasSubstr;

constexpr PartnerState kStates[] = {PartnerState::kPending, PartnerState::kActive, PartnerState::kSuspended,
                                    PartnerState::kRejected, PartnerState::kTerminated};
constexpr PartnerAct kActs[] = {PartnerAct::kApprove, PartnerAct::kReject, PartnerAct::kSuspend, PartnerAct::kReinstate,
                                PartnerAct::kTerminate};

const absl::Time kThen = absl::FromUnixSeconds(1'243'814'400);  // 2009-06-01
const absl::Time kNow = kThen + absl::Hours(1);

Partner PartnerIn(PartnerState state) {
  Partner partner;
  partner.partner_id = Uuid::Derived({"partner"});
  partner.state = state;
  partner.version = 3;
  partner.create_time = partner.update_time = kThen;
  return partner;
}

TEST(PartnerTest, TakesTheSixEdgesOfTheStateMachineAndNoOther) {
  const std::map<std::pair<PartnerState, PartnerAct>, PartnerState> edges = {
      {{PartnerState::kPending, PartnerAct::kApprove}, PartnerState::kActive},
      {{PartnerState::kPending, PartnerAct::kReject}, PartnerState::kRejected},
      {{PartnerState::kActive, PartnerAct::kSuspend}, PartnerState::kSuspended},
      {{PartnerState::kActive, PartnerAct::kTerminate}, PartnerState::kTerminated},
      {{PartnerState::kSuspended, PartnerAct::kReinstate}, PartnerState::kActive},
      {{PartnerState::kSuspended, PartnerAct::kTerminate}, PartnerState::kTerminated}};
  for (const PartnerState from : kStates) {
    for (const PartnerAct act : kActs) {
      const auto edge = edges.find({from, act});
      const auto next = Apply(PartnerIn(from), act, "why", kNow);
      ASSERT_EQ(next.ok(), edge != edges.end()) << NameOf(from) << " " << PastTense(act);
      if (next.ok()) {
        EXPECT_EQ(next->state, edge->second);
        EXPECT_EQ(next->state_reason, "why");
        EXPECT_EQ(next->version, 4);
        EXPECT_EQ(next->create_time, kThen);
        EXPECT_EQ(next->update_time, kNow);
      } else {
        EXPECT_EQ(next.status().code(), absl::StatusCode::kFailedPrecondition);
        EXPECT_EQ(DetailsOf(next.status()).reason, "PARTNER_STATE");
        EXPECT_THAT(next.status().message(), HasSubstr(std::string(NameOf(from))));
      }
    }
  }
}

TEST(PartnerTest, IsRestatedUnderTheNextMultipleOfAMillion) {
  Partner partner = PartnerIn(PartnerState::kSuspended);
  for (const auto& [before, after] : std::map<int64_t, int64_t>{
           {1, 1'000'000}, {999'999, 1'000'000}, {1'000'000, 2'000'000}, {1'000'001, 2'000'000}}) {
    partner.version = before;
    const Partner restated = Restate(partner, kNow);
    EXPECT_EQ(restated.version, after);
    EXPECT_EQ(restated.state, PartnerState::kSuspended);
    EXPECT_EQ(restated.update_time, kNow);
  }
}

TEST(PartnerTest, RecordsWhoAcceptedTheCurrentAgreementAndWhen) {
  for (const PartnerState state : {PartnerState::kPending, PartnerState::kActive, PartnerState::kSuspended}) {
    const auto next = AcceptAgreement(PartnerIn(state), "2009-06", "2009-06", "Ann Lee", kNow);
    ASSERT_TRUE(next.ok()) << next.status();
    EXPECT_EQ(next->accepted_agreement, "2009-06");
    EXPECT_EQ(next->agreement_accepted_by, "Ann Lee");
    EXPECT_EQ(next->agreement_accept_time, kNow);
    EXPECT_EQ(next->state, state);
    EXPECT_EQ(next->version, 4);
  }
}

TEST(PartnerTest, RefusesAnyOtherAgreementThanTheCurrentOne) {
  const auto next = AcceptAgreement(PartnerIn(PartnerState::kActive), "2008-01", "2009-06", "Ann Lee", kNow);
  EXPECT_EQ(next.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(DetailsOf(next.status()).reason, "AGREEMENT_NOT_CURRENT");
}

TEST(PartnerTest, RefusesAnAgreementWithAPartnerThatIsOut) {
  for (const PartnerState state : {PartnerState::kRejected, PartnerState::kTerminated}) {
    const auto next = AcceptAgreement(PartnerIn(state), "2009-06", "2009-06", "Ann Lee", kNow);
    EXPECT_EQ(DetailsOf(next.status()).reason, "PARTNER_STATE");
  }
}

TEST(PartnerTest, ChangesOnlyWhatIsNamedAndNeverTheStanding) {
  Partner partner = PartnerIn(PartnerState::kSuspended);
  partner.display_name = "Contoso Consulting";
  partner.contact_email = "sales@contoso.example";
  const Partner next = Update(partner, {.contact_email = "orders@contoso.example"}, kNow);
  EXPECT_EQ(next.display_name, "Contoso Consulting");
  EXPECT_EQ(next.contact_email, "orders@contoso.example");
  EXPECT_EQ(next.state, PartnerState::kSuspended);
  EXPECT_EQ(next.version, partner.version + 1);
  EXPECT_EQ(next.update_time, kNow);
}

TEST(PartnerTest, IsOutOnceRejectedOrTerminated) {
  for (const PartnerState state : kStates) {
    const bool out = state == PartnerState::kRejected || state == PartnerState::kTerminated;
    EXPECT_EQ(CheckNotOut(PartnerIn(state), "asked").ok(), !out) << NameOf(state);
  }
  EXPECT_EQ(DetailsOf(CheckNotOut(PartnerIn(PartnerState::kRejected), "asked")).reason, "PARTNER_STATE");
}

TEST(PartnerTest, HasANameForEveryState) {
  for (const PartnerState state : kStates) EXPECT_EQ(FindNamed(kPartnerStates, NameOf(state)), state);
  EXPECT_EQ(FindNamed(kPartnerStates, "active"), std::nullopt);
}

TEST(PartnerTest, StartsPending) {
  const Partner partner =
      NewPartner(Uuid::Derived({"partner"}), "P-1001", {.display_name = "Contoso Consulting"}, kNow);
  EXPECT_EQ(partner.state, PartnerState::kPending);
  EXPECT_EQ(partner.partner_number, "P-1001");
  EXPECT_EQ(partner.display_name, "Contoso Consulting");
  EXPECT_EQ(partner.contact_email, "");
  EXPECT_EQ(partner.version, 1);
  EXPECT_EQ(partner.create_time, kNow);
  EXPECT_EQ(partner.update_time, kNow);
}

}  // namespace
}  // namespace countersign::partner
