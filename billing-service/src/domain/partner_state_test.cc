#include "billing-service/src/domain/partner_state.h"

#include <optional>

#include "billing-service/src/domain/test_terms.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

absl::Time At(absl::string_view day) { return StartOf(Day(day)); }

// A partner and its hold, as the store keeps them.
struct KnownPartner {
  PartnerState state;
  std::optional<FeeHold> hold;

  KnownPartner() { state.partner = IdOf("A"); }

  void Learn(PartnerStanding standing, absl::string_view day) {
    const TakenState taken = *TakeState(state, hold, {state.partner_version + 1, standing, At(day), "because"});
    state = taken.state;
    if (taken.hold.has_value()) hold = taken.hold;
  }
};

FeeEntry HeldFee(const KnownPartner& partner) {
  FeeEntry fee;
  fee.id = IdOf("fee");
  fee.segment.partner = partner.state.partner;
  fee.line_net = Usd(375'00);
  fee.amount = Usd(45'00);
  return *WithFate(fee, FateOf(partner.state, At("2009-07-10")));
}

TEST(PartnerStateTest, AFeeIsHeldWhileItsPartnerIsSuspendedAndReleasedByReinstatement) {
  KnownPartner partner;
  EXPECT_EQ(FateOf(partner.state, At("2009-06-20")).state, FeeState::kAccrued) << "nothing is known";
  partner.Learn(PartnerStanding::kActive, "2009-06-01");
  EXPECT_EQ(FateOf(partner.state, At("2009-06-20")).state, FeeState::kAccrued);
  partner.Learn(PartnerStanding::kSuspended, "2009-07-01");
  EXPECT_EQ(FateOf(partner.state, At("2009-06-20")).state, FeeState::kAccrued) << "paid before, entered after";
  EXPECT_EQ(FateOf(partner.state, At("2009-07-10")).state, FeeState::kHeld);
  EXPECT_EQ(FateOf(partner.state, At("2009-07-10")).hold, partner.hold->id);
  partner.Learn(PartnerStanding::kSuspended, "2009-07-05");
  EXPECT_EQ(FateOf(partner.state, At("2009-07-02")).state, FeeState::kHeld) << "another change of a suspended partner";
  partner.Learn(PartnerStanding::kActive, "2009-08-01");
  EXPECT_EQ(partner.hold->state, FeeHoldState::kReleased);
  EXPECT_EQ(FateOf(partner.state, At("2009-08-10")).state, FeeState::kAccrued);
  EXPECT_EQ(partner.state.version, 4);
}

TEST(PartnerStateTest, EverySuspensionHasAHoldOfItsOwn) {
  KnownPartner partner;
  partner.Learn(PartnerStanding::kSuspended, "2009-07-01");
  const Uuid first = partner.hold->id;
  partner.Learn(PartnerStanding::kActive, "2009-08-01");
  partner.Learn(PartnerStanding::kSuspended, "2009-09-01");
  EXPECT_NE(partner.hold->id, first);
}

TEST(PartnerStateTest, NothingAccruesForATerminatedPartnerAndTheEntrySaysWhy) {
  KnownPartner partner;
  partner.Learn(PartnerStanding::kTerminated, "2009-07-01");
  EXPECT_EQ(FateOf(partner.state, At("2009-06-20")).state, FeeState::kAccrued) << "paid before";
  const FeeEntry fee = HeldFee(partner);
  EXPECT_EQ(fee.state, FeeState::kNotEarned);
  EXPECT_EQ(fee.amount, Usd(0));
  EXPECT_EQ(fee.forgone, Usd(45'00));
  EXPECT_EQ(Explain(fee), "The partner was terminated. Not earned: 45.00 USD");
}

TEST(PartnerStateTest, TerminationForfeitsWhatIsHeldUnlessItWasReleased) {
  KnownPartner partner;
  partner.Learn(PartnerStanding::kSuspended, "2009-07-01");
  const FeeEntry fee = HeldFee(partner);
  KnownPartner released = partner;
  released.hold = *EndHold(*released.hold, FeeHoldState::kReleased, "earned before", At("2009-07-20"));
  released.Learn(PartnerStanding::kTerminated, "2009-08-01");
  EXPECT_EQ(released.hold->state, FeeHoldState::kReleased);

  partner.Learn(PartnerStanding::kTerminated, "2009-08-01");
  EXPECT_EQ(partner.hold->state, FeeHoldState::kForfeited);
  EXPECT_EQ(FateOf(partner.state, At("2009-07-10")).state, FeeState::kNotEarned) << "paid while held, entered late";
  const std::vector<FeeEntry> forfeited = Forfeit({fee}, *partner.hold, At("2009-08-01"));
  ASSERT_EQ(forfeited.size(), 1u);
  EXPECT_EQ(forfeited[0].amount, Usd(-45'00));
  EXPECT_EQ(forfeited[0].reason, "The partner was terminated.");
  EXPECT_TRUE(Forfeit(forfeited, *partner.hold, At("2009-08-01")).empty()) << "forfeited once";
}

TEST(PartnerStateTest, AReversalTakesTheStateOfItsFee) {
  KnownPartner partner;
  FeeEntry fee = HeldFee(partner);
  EXPECT_EQ(FateOfReversal(fee, std::nullopt).state, FeeState::kAccrued);
  partner.Learn(PartnerStanding::kSuspended, "2009-07-01");
  fee = HeldFee(partner);
  EXPECT_EQ(FateOfReversal(fee, partner.hold).state, FeeState::kHeld);
  EXPECT_EQ(FateOfReversal(fee, partner.hold).hold, partner.hold->id);
  partner.Learn(PartnerStanding::kTerminated, "2009-08-01");
  EXPECT_EQ(FateOfReversal(fee, partner.hold).state, FeeState::kNotEarned) << "nothing is left to take back";
}

TEST(PartnerStateTest, AnOperatorAdjustsAFeeButNeverTakesBackMore) {
  const FeeEntry fee = HeldFee(KnownPartner());
  const FeeEntry adjusted = *AdjustFee(fee, {fee}, Usd(-5'00), "Agreed.", At("2009-08-01"));
  EXPECT_EQ(adjusted.amount, Usd(-5'00));
  EXPECT_EQ(adjusted.cause_id, fee.id);
  EXPECT_EQ(Explain(adjusted), "Adjusted by -5.00 USD: Agreed.");
  const auto refusal = [&](const std::vector<FeeEntry>& entries, int64_t cents) {
    return DetailsOf(AdjustFee(fee, entries, Usd(cents), "", At("2009-08-01")).status()).reason;
  };
  EXPECT_EQ(refusal({fee}, -45'01), "FEE_EXCEEDED");
  EXPECT_EQ(refusal({fee, adjusted}, -40'01), "FEE_EXCEEDED");
  EXPECT_EQ(refusal({fee, adjusted}, -40'00), "");
  EXPECT_EQ(refusal({fee}, 330'00), "") << "the whole line";
  EXPECT_EQ(refusal({fee}, 330'01), "FEE_ABOVE_LINE");
  EXPECT_EQ(refusal({fee, adjusted}, 335'00), "") << "what was taken back may be given again";
  FeeEntry reversal = fee;
  reversal.amount = Usd(-45'00);
  EXPECT_EQ(refusal({fee, reversal}, -1), "FEE_EXCEEDED") << "it was reversed already";
  EXPECT_NE(AdjustFee(fee, {fee, adjusted}, Usd(-1), "", At("2009-08-01"))->id, adjusted.id);
  const Money half_cent = *Money::FromMicros(5'000, "USD");
  EXPECT_EQ(AdjustFee(fee, {fee}, half_cent, "", At("2009-08-01")).status().code(), absl::StatusCode::kInvalidArgument);
  FeeEntry final = fee;
  final.state = FeeState::kForfeited;
  EXPECT_EQ(DetailsOf(AdjustFee(final, {final}, Usd(1), "", At("2009-08-01")).status()).reason, "FEE_STATE");
}

TEST(FeeHoldTest, IsSetAgainAfterItsReleaseOnly) {
  const auto set = [](const std::optional<FeeHold>& known) {
    return SetSelfDealing(known,
                          {.partner = IdOf("A"), .account = IdOf("account"), .subscription = IdOf("subscription")},
                          "same address", At("2009-06-02"));
  };
  const FeeHold hold = *set(std::nullopt);
  EXPECT_EQ(DetailsOf(set(hold).status()).reason, "FEE_HOLD_STATE");
  const FeeHold released = *EndHold(hold, FeeHoldState::kReleased, "cleared", At("2009-06-03"));
  EXPECT_EQ(DetailsOf(EndHold(released, FeeHoldState::kReleased, "", At("2009-06-03")).status()).reason,
            "FEE_HOLD_STATE");
  const FeeHold again = *set(released);
  EXPECT_EQ(again.id, hold.id);
  EXPECT_EQ(again.version, 3);
  EXPECT_FALSE(again.end_time.has_value());
}

TEST(PartnerStateTest, AReversalGivesBackWhatTheCorrectionTookTooMuch) {
  FeeEntry fee = HeldFee(KnownPartner());
  FeeEntry reversal = fee;
  reversal.key.reversal = 1;
  reversal.cause = FeeCause::kInvoiceReopened;
  reversal.amount = Usd(-45'00);
  const FeeEntry less = *AdjustFee(fee, {fee}, Usd(-20'00), "Agreed.", At("2009-08-01"));
  const FeeEntry more = *AdjustFee(fee, {fee}, Usd(10'00), "Agreed.", At("2009-08-01"));
  EXPECT_FALSE(GiveBack({fee, less}, At("2009-08-10"))->has_value());
  EXPECT_FALSE(GiveBack({fee, reversal}, At("2009-08-10"))->has_value());
  EXPECT_FALSE(GiveBack({fee, more, reversal}, At("2009-08-10"))->has_value()) << "what was given stays";
  const std::optional<FeeEntry> back = *GiveBack({fee, less, reversal}, At("2009-08-10"));
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->amount, Usd(20'00));
  EXPECT_EQ(back->cause, FeeCause::kAdjusted);
  EXPECT_EQ(back->cause_id, fee.id);
  EXPECT_NE(back->id, less.id);
  EXPECT_FALSE(GiveBack({fee, less, reversal, *back}, At("2009-08-10"))->has_value()) << "once";
}

}  // namespace
}  // namespace countersign::billing
