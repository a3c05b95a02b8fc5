#include "billing-service/src/domain/explanation.h"

#include <algorithm>

#include "billing-service/src/domain/fee_accrual.h"
#include "billing-service/src/domain/invoice.h"
#include "billing-service/src/domain/partner_state.h"
#include "billing-service/src/domain/test_terms.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

// "value: why" of the part that is called `what`.
std::string Part(const Explanation& explanation, absl::string_view what) {
  const auto part = std::find_if(explanation.parts.begin(), explanation.parts.end(),
                                 [&](const Explanation& candidate) { return candidate.what == what; });
  return part == explanation.parts.end() ? "" : absl::StrCat(part->value, ": ", part->why);
}

std::vector<FeeEntry> FrozenLine(const Money& net, const Period& service) {
  Invoice invoice;
  invoice.id = IdOf("invoice");
  InvoiceLine line;
  line.number = 1;
  line.service = service;
  line.net = net;
  line.fee_segments = FreezeFeeSegments(IdOf("A"), 1, Day("2009-07-19"), service, StandardSchedule());
  invoice.lines = {line};
  return FrozenFees(invoice);
}

TEST(ExplanationTest, AFeeSaysBasisRateDaysAndRounding) {
  std::vector<FeeEntry> fees =
      *AccrueFees(FrozenLine(Usd(21'28), {Day("2009-07-19"), Day("2009-08-01")}), {{1, Usd(1'28), {}}}, {});
  fees[0].forgone = Usd(0);
  const Explanation explanation = *ExplainFee(fees[0], StandardSchedule());
  EXPECT_EQ(explanation.value, "2.40 USD");
  EXPECT_EQ(explanation.why, "20.00 USD × 12 % × 13/13 days = 2.40 USD");
  EXPECT_EQ(Part(explanation, "basis"), "20.00 USD: the line's net less what was credited before the payment");
  EXPECT_EQ(Part(explanation, "before rounding"), "2.40 USD: 20.00 USD × 12 % × 13/13");
  FeeSchedule another = StandardSchedule();
  another.first_year_rate_basis_points = 1000;
  EXPECT_EQ(ExplainFee(fees[0], another).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(Part(explanation, "days"), "13 of 13: 2009-07-19 to 2009-07-31");
}

TEST(ExplanationTest, AnAdjustmentSaysItsReasonAndWhichFeeItCorrects) {
  const std::vector<FeeEntry> fees =
      *AccrueFees(FrozenLine(Usd(21'28), {Day("2009-07-19"), Day("2009-08-01")}), {{1, Usd(0), {}}}, {});
  const FeeEntry adjusted = *AdjustFee(fees[0], fees, Usd(-1'00), "Agreed.", StartOf(Day("2009-08-05")));
  const Explanation explanation = *ExplainFee(adjusted, StandardSchedule());
  EXPECT_EQ(explanation.value, "-1.00 USD");
  EXPECT_EQ(explanation.why, "Adjusted by -1.00 USD: Agreed.");
  EXPECT_EQ(Part(explanation, "adjustment"), "-1.00 USD: Agreed.");
  EXPECT_EQ(Part(explanation, "fee"), "12 %: of line 1 of the invoice, for 2009-07-19 to 2009-07-31");
}

TEST(ExplanationTest, AStatementSaysWhatBecomesOfItsTotal) {
  Statement statement =
      *OpenStatement(IdOf("A"), "USD", QuarterOf(Day("2009-06-01")), std::nullopt, StartOf(Day("2009-07-08")));
  statement = *CloseWith(statement, {Usd(50'00), true, true}, StartOf(Day("2009-07-08")));
  const Explanation explanation = ExplainStatement(statement);
  EXPECT_EQ(explanation.value, "0.00 USD");
  EXPECT_EQ(Part(explanation, "minimum"), "50.00 USD: not applied: the partner has left");
  EXPECT_EQ(Part(explanation, "quarter"), "2009-04-01 to 2009-06-30: by the day of accrual");
}

TEST(ExplanationTest, APayoutSaysWhichRateIsWithheldAndWhy) {
  Payout payout;
  payout.total = Usd(180'00);
  payout.withheld = Usd(50'40);
  payout.withholding_basis_points = 2800;
  const auto withheld = [&](const std::optional<WithholdingRate>& rate) {
    Explanation statement;
    EXPECT_TRUE(AppendPayout(Statement(), payout, {.withholding_rate = rate}, statement.parts).ok());
    EXPECT_EQ(Part(statement, "sent"), "129.60 USD: the total and its tax, less what is withheld");
    EXPECT_EQ(statement.parts[0].why, "180.00 USD × 28 %, rounded half away from zero, once");
    return Part(statement.parts[0], "withholding rate");
  };
  EXPECT_EQ(withheld(std::nullopt), "28 %: the payout terms' rate without a tax form");
  WithholdingRate rate{.id = IdOf("rate"),
                       .region = "US",
                       .tax_form = "",
                       .effective_date = Day("2009-01-01"),
                       .basis_points = 2800,
                       .create_time = {}};
  EXPECT_EQ(withheld(rate), "28 %: the rate of US from 2009-01-01 without a tax form");
  payout.tax_form = "W-9";
  EXPECT_EQ(withheld(rate), "28 %: the rate of US from 2009-01-01 without a tax form: it has none for W-9");
  rate.tax_form = "W-9";
  EXPECT_EQ(withheld(rate), "28 %: the rate of US from 2009-01-01 for tax form W-9");
  rate.basis_points = 2700;
  Explanation statement;
  EXPECT_EQ(AppendPayout(Statement(), payout, {.withholding_rate = rate}, statement.parts).code(),
            absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace countersign::billing
