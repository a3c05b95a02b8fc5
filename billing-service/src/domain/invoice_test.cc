#include "billing-service/src/domain/invoice.h"

#include <set>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "billing-service/src/domain/test_terms.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

using ::testing::ElementsAre;

TEST(InvoiceTest, TakesTheContractsEdgesAndNoOther) {
  using State = InvoiceState;
  const State states[] = {State::kOpen, State::kPaid, State::kVoid, State::kUncollectible};
  const std::set<std::pair<State, State>> edges = {
      {State::kOpen, State::kPaid},          {State::kOpen, State::kVoid},
      {State::kOpen, State::kUncollectible}, {State::kUncollectible, State::kPaid},
      {State::kUncollectible, State::kVoid}, {State::kPaid, State::kOpen}};
  for (const State from : states) {
    for (const State to : states) {
      EXPECT_EQ(CheckTransition(from, to).ok(), edges.count({from, to}) == 1) << NameOf(from) << " to " << NameOf(to);
    }
  }
}

TEST(InvoiceTest, FirstInvoiceOfTwentyFiveSeatsIsDueIn30Days) {
  const Bills bills = *Bill(AccountIn("USD"), {Seats(25, Usd(15'00), "2009-06-01")}, Day("2009-06-01"));
  ASSERT_EQ(bills.invoices.size(), 1u);
  const Invoice& invoice = bills.invoices[0];
  EXPECT_EQ(invoice.state, InvoiceState::kOpen);
  EXPECT_EQ(invoice.total, Usd(375'00));
  EXPECT_EQ(invoice.number, absl::StrCat(bills.account.number, "-1"));
  EXPECT_EQ(invoice.issue_date, Day("2009-06-01"));
  EXPECT_EQ(invoice.due_date, Day("2009-07-01"));
  ASSERT_EQ(invoice.lines.size(), 1u);
  EXPECT_EQ(invoice.lines[0].description, "BPOS Standard Suite, 25 seats, 2009-06-01 to 2009-06-30");
  EXPECT_EQ(TitleOf(invoice.lines[0]), "BPOS Standard Suite");
  EXPECT_THAT(invoice.lines[0].fee_segments, ElementsAre(FeeSegment{IdOf("A"), 1, 1200, 30}));
}

}  // namespace
}  // namespace countersign::billing
