#include "billing-service/src/domain/payment.h"

#include <set>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "billing-service/src/domain/test_terms.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

// Oldest last, to see that order does not matter; the two of July are of one day.
std::vector<Receivable> ThreeInvoices() {
  return {{IdOf("july 3"), Day("2009-07-01"), 3, Usd(100'00)},
          {IdOf("july 2"), Day("2009-07-01"), 2, Usd(50'00)},
          {IdOf("june 1"), Day("2009-06-01"), 1, Usd(375'00)}};
}

TEST(PaymentTest, TakesTheContractsEdgesAndNoOther) {
  using State = PaymentState;
  const State states[] = {State::kPending, State::kSucceeded, State::kFailed, State::kUnknown, State::kReversed};
  const std::set<std::pair<State, State>> edges = {
      {State::kPending, State::kSucceeded}, {State::kPending, State::kFailed}, {State::kPending, State::kUnknown},
      {State::kUnknown, State::kSucceeded}, {State::kUnknown, State::kFailed}, {State::kSucceeded, State::kReversed}};
  for (const State from : states) {
    for (const State to : states) {
      EXPECT_EQ(CheckTransition(from, to).ok(), edges.count({from, to}) == 1) << NameOf(from) << " to " << NameOf(to);
    }
  }
}

TEST(PaymentTest, SettlesTheOldestFirstAndCreditsTheRest) {
  const Allocation allocation = *Allocate(Usd(600'00), std::nullopt, ThreeInvoices());
  ASSERT_EQ(allocation.parts.size(), 3u);
  EXPECT_EQ(allocation.parts[0].invoice, IdOf("june 1"));
  EXPECT_EQ(allocation.parts[1].invoice, IdOf("july 2"));
  EXPECT_EQ(allocation.parts[2].invoice, IdOf("july 3"));
  EXPECT_TRUE(allocation.parts[2].settles);
  EXPECT_EQ(allocation.credit, Usd(75'00));
}

TEST(PaymentTest, WhatOneActCannotHoldStaysCredit) {
  std::vector<Receivable> receivables = ThreeInvoices();
  for (Receivable& receivable : receivables) receivable.rows = kMaxRowsOfAct / 2;
  const Allocation two = *Allocate(Usd(600'00), std::nullopt, receivables);
  ASSERT_EQ(two.parts.size(), 2u);
  EXPECT_EQ(two.parts[1].invoice, IdOf("july 2"));
  EXPECT_EQ(two.credit, Usd(175'00));
  for (Receivable& receivable : receivables) receivable.rows = kMaxRowsOfAct * 2;
  EXPECT_EQ(Allocate(Usd(600'00), std::nullopt, receivables)->parts.size(), 1u) << "it goes on, whatever one takes";
}

TEST(PaymentTest, FollowsThePayersInstructionFirst) {
  const Allocation allocation = *Allocate(Usd(120'00), IdOf("july 3"), ThreeInvoices());
  ASSERT_EQ(allocation.parts.size(), 2u);
  EXPECT_EQ(allocation.parts[0].invoice, IdOf("july 3"));
  EXPECT_TRUE(allocation.parts[0].settles);
  EXPECT_EQ(allocation.parts[1].invoice, IdOf("june 1"));
  EXPECT_EQ(allocation.parts[1].amount, Usd(20'00));
  EXPECT_FALSE(allocation.parts[1].settles);
  EXPECT_EQ(allocation.credit, Usd(0));
}

TEST(PaymentTest, InstructionForAnInvoiceThatTakesNoMoneyFallsBackToTheOldest) {
  const Allocation allocation = *Allocate(Usd(10'00), IdOf("paid long ago"), ThreeInvoices());
  ASSERT_EQ(allocation.parts.size(), 1u);
  EXPECT_EQ(allocation.parts[0].invoice, IdOf("june 1"));
}

TEST(PaymentTest, WithoutInvoicesAllIsCredit) {
  const Allocation allocation = *Allocate(Usd(10'00), std::nullopt, {});
  EXPECT_TRUE(allocation.parts.empty());
  EXPECT_EQ(allocation.credit, Usd(10'00));
}

TEST(PaymentTest, RefusesNothingAndForeignMoney) {
  EXPECT_EQ(Allocate(Usd(0), std::nullopt, {}).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Allocate(Usd(-1), std::nullopt, {}).status().code(), absl::StatusCode::kInvalidArgument);
  const Money euro = *Money::FromMicros(1'000'000, "EUR");
  EXPECT_EQ(Allocate(euro, std::nullopt, ThreeInvoices()).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace countersign::billing
