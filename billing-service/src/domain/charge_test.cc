#include "billing-service/src/domain/charge.h"

#include <set>
#include <utility>
#include <vector>

#include "billing-service/src/domain/settlement.h"
#include "billing-service/src/domain/test_terms.h"
#include "common/base/error.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

const DunningLadder kLadder = {
    .id = IdOf("ladder"),
    .effective_date = Day("2009-01-01"),
    .rungs = {{7, DunningState::kPastDue}, {30, DunningState::kSuspended}, {60, DunningState::kCancelled}}};

// An account with a token and its first invoice: 375.00, due on 2009-07-01.
struct Charged : AccountState {
  Charged() {
    account = AccountIn("USD");
    account.credit = Usd(0);
    account.version = 1;
    account.payment_method = {PaymentMethodType::kProcessor, "tok"};
    invoices = Bill(account, {Seats(25, Usd(15'00), "2009-06-01")}, Day("2009-06-01"))->invoices;
    invoices[0].version = 1;
    fees = FrozenFees(invoices[0]);
  }
  const Invoice& invoice() const { return invoices[0]; }
};

absl::Time Noon(absl::string_view day) { return StartOf(Day(day)) + absl::Hours(12); }

Charge Attempt(const Charged& charged, absl::string_view day = "2009-07-01") {
  return *RequestCharge(charged.account, charged.invoice(), {}, Noon(day));
}

Charge After(const Charge& charge, ChargeState state, absl::string_view day) {
  return *Answered(charge, {state, "ref", state == ChargeState::kDeclined ? "NO_FUNDS" : ""}, Day("2009-07-01"),
                   &kLadder, Noon(day));
}

std::string ReasonOf(const absl::Status& status) { return DetailsOf(status).reason; }

TEST(ChargeTest, TakesTheContractsEdgesAndNoOther) {
  using State = ChargeState;
  const State states[] = {State::kRequested, State::kSucceeded, State::kDeclined,
                          State::kUnknown,   State::kCancelled, State::kChargedBack};
  const std::set<std::pair<State, State>> edges = {
      {State::kRequested, State::kSucceeded},  {State::kRequested, State::kDeclined},
      {State::kRequested, State::kUnknown},    {State::kRequested, State::kCancelled},
      {State::kUnknown, State::kSucceeded},    {State::kUnknown, State::kDeclined},
      {State::kUnknown, State::kCancelled},    {State::kSucceeded, State::kChargedBack},
      {State::kChargedBack, State::kSucceeded}};
  for (const State from : states) {
    for (const State to : states) {
      EXPECT_EQ(CheckTransition(from, to).ok(), edges.count({from, to}) == 1) << NameOf(from) << " to " << NameOf(to);
    }
  }
}

TEST(ChargeTest, AnInvoiceIsChargedFromItsDueDateOn) {
  const Charged charged;
  EXPECT_FALSE(IsToBeCharged(charged.account, charged.invoice(), {}, Day("2009-06-30")));
  EXPECT_TRUE(IsToBeCharged(charged.account, charged.invoice(), {}, Day("2009-07-01")));
  EXPECT_EQ(Attempt(charged).amount, Usd(375'00));
}

TEST(ChargeTest, NothingIsChargedToAParkedAccountOrByBankTransferOrForAPaidInvoice) {
  Charged parked;
  parked.account.state = BillingAccountState::kParked;
  EXPECT_FALSE(IsToBeCharged(parked.account, parked.invoice(), {}, Day("2009-07-01")));
  Charged transfers;
  transfers.account.payment_method = {};
  EXPECT_FALSE(IsToBeCharged(transfers.account, transfers.invoice(), {}, Day("2009-07-01")));
  EXPECT_EQ(ReasonOf(RequestCharge(transfers.account, transfers.invoice(), {}, Noon("2009-07-01")).status()),
            "PAYMENT_METHOD_NOT_CHARGEABLE");
  Charged paid;
  paid.invoices[0].state = InvoiceState::kPaid;
  EXPECT_FALSE(IsToBeCharged(paid.account, paid.invoice(), {}, Day("2009-07-01")));
  EXPECT_EQ(ReasonOf(RequestCharge(paid.account, paid.invoice(), {}, Noon("2009-07-01")).status()),
            "INVOICE_NOT_CHARGEABLE");
}

TEST(ChargeTest, AnOpenAttemptBlocksAnotherWhateverTheToken) {
  Charged charged;
  const Charge requested = Attempt(charged);
  const Charge unknown = After(requested, ChargeState::kUnknown, "2009-07-01");
  charged.account.payment_method.token = "another";
  for (const Charge& open : {requested, unknown}) {
    EXPECT_FALSE(IsToBeCharged(charged.account, charged.invoice(), {open}, Day("2009-12-01")));
    EXPECT_EQ(ReasonOf(RequestCharge(charged.account, charged.invoice(), {open}, Noon("2009-12-01")).status()),
              "CHARGE_NOT_SETTLED");
  }
}

TEST(ChargeTest, ADeclineIsRetriedOnTheDaysOfTheLadder) {
  const Charged charged;
  std::vector<Charge> attempts;
  for (const char* day : {"2009-07-01", "2009-07-08", "2009-07-31", "2009-08-30"}) {
    EXPECT_FALSE(IsToBeCharged(charged.account, charged.invoice(), attempts, Day(day) - 1)) << day;
    EXPECT_TRUE(IsToBeCharged(charged.account, charged.invoice(), attempts, Day(day))) << day;
    const Charge next = *RequestCharge(charged.account, charged.invoice(), attempts, Noon(day));
    EXPECT_EQ(next.attempt, static_cast<int64_t>(attempts.size()) + 1);
    attempts.push_back(After(next, ChargeState::kDeclined, day));
    EXPECT_FALSE(IsToBeCharged(charged.account, charged.invoice(), attempts, Day(day))) << day;
  }
  EXPECT_EQ(attempts.back().next_date, kNoNextAttempt);
  EXPECT_FALSE(IsToBeCharged(charged.account, charged.invoice(), attempts, Day("2011-01-01")));
  EXPECT_NE(attempts[0].id, attempts[1].id);
}

TEST(ChargeTest, ALateDeclineDoesNotTryTheMissedDaysOneByOne) {
  const Charged charged;
  EXPECT_EQ(After(Attempt(charged, "2009-07-20"), ChargeState::kDeclined, "2009-07-20").next_date, Day("2009-07-31"));
  EXPECT_EQ(
      Answered(Attempt(charged), {ChargeState::kDeclined}, Day("2009-07-01"), nullptr, Noon("2009-07-01"))->next_date,
      kNoNextAttempt);
}

TEST(ChargeTest, ANewTokenIsTriedAtOnceAndTheOldOneNot) {
  Charged charged;
  const std::vector<Charge> declined = {After(Attempt(charged), ChargeState::kDeclined, "2009-07-01")};
  charged.account.payment_method.token = "another";
  EXPECT_TRUE(IsToBeCharged(charged.account, charged.invoice(), declined, Day("2009-07-02")));
  charged.account.payment_method.token = "tok";
  EXPECT_FALSE(IsToBeCharged(charged.account, charged.invoice(), declined, Day("2009-07-02")));
}

TEST(ChargeTest, ACancelledAttemptBlocksNothingAndASuccessfulOneIsNotRepeated) {
  const Charged charged;
  const Charge cancelled = After(Attempt(charged), ChargeState::kCancelled, "2009-07-02");
  EXPECT_TRUE(IsToBeCharged(charged.account, charged.invoice(), {cancelled}, Day("2009-07-02")));
  const Charge succeeded = After(Attempt(charged), ChargeState::kSucceeded, "2009-07-02");
  EXPECT_TRUE(succeeded.payment.has_value());
  EXPECT_FALSE(IsToBeCharged(charged.account, charged.invoice(), {succeeded}, Day("2011-01-01")));
}

TEST(ChargeTest, IsWantedWhileTheTokenAndTheAmountAreTheSame) {
  Charged charged;
  const Charge charge = Attempt(charged);
  EXPECT_TRUE(IsStillWanted(charge, charged.account, &charged.invoice()));
  EXPECT_FALSE(IsStillWanted(charge, charged.account, nullptr));
  Charged partly;
  partly.invoices[0].paid = Usd(1);
  EXPECT_FALSE(IsStillWanted(charge, partly.account, &partly.invoice()));
  charged.account.payment_method.token = "another";
  EXPECT_FALSE(IsStillWanted(charge, charged.account, &charged.invoice()));
  charged.account.payment_method = {};
  EXPECT_FALSE(IsStillWanted(charge, charged.account, &charged.invoice()));
}

TEST(ChargeTest, ASettledChargeIsNotAnsweredAgain) {
  const Charge declined = After(Attempt(Charged()), ChargeState::kDeclined, "2009-07-01");
  EXPECT_EQ(declined.decline_reason, "NO_FUNDS");
  EXPECT_EQ(
      ReasonOf(Answered(declined, {ChargeState::kSucceeded}, Day("2009-07-01"), &kLadder, Noon("2009-07-02")).status()),
      "CHARGE_STATE");
}

TEST(ChargeTest, ASuccessfulChargePaysItsInvoiceAndEarnsTheFee) {
  Charged charged;
  const ChargeRequest request = *BeginCharge(charged, charged.invoice().id, {}, Noon("2009-07-01"));
  EXPECT_EQ(request.change.account.version, 2);
  EXPECT_TRUE(request.change.invoices.empty());
  charged.account = request.change.account;
  const Charge charge = After(request.charge, ChargeState::kSucceeded, "2009-07-01");
  const Settlement settlement = *SettleCharge(charged, charge, Noon("2009-07-01"));
  EXPECT_EQ(settlement.payment.charge, charge.id);
  EXPECT_FALSE(settlement.payment.receipt.has_value());
  EXPECT_EQ(settlement.payment.value_date, Day("2009-07-01"));
  EXPECT_EQ(settlement.change.invoices[0].state, InvoiceState::kPaid);
  EXPECT_EQ(settlement.change.fees[0].amount, Usd(45'00));
  EXPECT_TRUE(CheckBalanced(settlement.change.posting).ok());
}

TEST(ChargeTest, WhatWasPaidOtherwiseMeanwhileIsCredit) {
  Charged charged;
  const Charge charge = After(Attempt(charged), ChargeState::kSucceeded, "2009-07-01");
  charged.invoices[0].paid = Usd(375'00);
  charged.invoices[0].state = InvoiceState::kPaid;
  const Settlement settlement = *SettleCharge(charged, charge, Noon("2009-07-01"));
  EXPECT_TRUE(settlement.change.invoices.empty());
  EXPECT_EQ(settlement.change.account.credit, Usd(375'00));
}

TEST(ChargeTest, AChargebackIsWonBackAsAnotherPayment) {
  const Charge succeeded = After(Attempt(Charged()), ChargeState::kSucceeded, "2009-07-01");
  const Charge lost = *ChargeBack(succeeded, Noon("2009-07-10"));
  EXPECT_EQ(lost.payment, succeeded.payment);
  EXPECT_FALSE(IsToBeCharged(Charged().account, Charged().invoice(), {lost}, Day("2009-07-31")));
  const Charge won = *WinBack(lost, Noon("2009-07-25"));
  EXPECT_EQ(won.state, ChargeState::kSucceeded);
  EXPECT_NE(won.payment, succeeded.payment);
  const Charge unknown = After(Attempt(Charged()), ChargeState::kUnknown, "2009-07-01");
  for (const Charge& charge : {succeeded, unknown}) {
    EXPECT_EQ(ReasonOf(WinBack(charge, Noon("2009-07-25")).status()), "CHARGE_STATE");
  }
  EXPECT_EQ(ReasonOf(ChargeBack(unknown, Noon("2009-07-25")).status()), "CHARGE_STATE");
}

TEST(ChargeTest, KnowsCardNumbers) {
  for (const char* number : {"4111111111111111", "4111 1111 1111 1111", "5500-0055-5555-5559", "378282246310005"}) {
    EXPECT_TRUE(LooksLikeCardNumber(number)) << number;
  }
  for (const char* token : {"tok_4111111111111111", "4111111111111112", "42", "decline", ""}) {
    EXPECT_FALSE(LooksLikeCardNumber(token)) << token;
  }
}

}  // namespace
}  // namespace countersign::billing
