#include "order-service/src/domain/order_preview.h"

#include <utility>

#include "common/testing/status_matchers.h"
#include "gtest/gtest.h"
#include "order-service/src/domain/test_order.h"

namespace countersign::order {
namespace {

OrderTerms TermsOf(const std::vector<RequestedLine>& lines, int months) {
  PricedLines priced = *PriceLines(TestCatalogue(), lines, PricingAt("USD", months, TestMorning()));
  return {.currency = "USD", .lines = std::move(priced.lines), .total = priced.total, .billing_period_months = months};
}

TEST(OrderPreviewTest, TwentyFiveSeatsOfTheSuiteEarn540InTheFirstYear) {
  const OrderTerms terms = TermsOf({{"bpos-standard-suite", *Quantity::Of(25)}}, 1);
  ASSERT_OK_AND_ASSIGN(const OrderPreview preview, PreviewOf(terms, Date(2009, 6, 1)));
  ASSERT_EQ(preview.first_invoices.size(), 1);
  EXPECT_EQ(preview.first_invoices[0].net.ToString(), "375.00 USD");
  EXPECT_EQ(preview.first_invoices[0].period, (Period{Date(2009, 6, 1), Date(2009, 7, 1)}));
  EXPECT_EQ(preview.commitment.ToString(), "4500.00 USD");
  EXPECT_EQ(preview.estimated_fee.ToString(), "540.00 USD");
}

TEST(OrderPreviewTest, AnnualBillingIsOneInvoiceOfTheWholeCommitment) {
  OrderTerms terms = TermsOf({{"bpos-standard-suite", *Quantity::Of(25)}}, 12);
  terms.requested_start = Date(2009, 8, 1);
  ASSERT_OK_AND_ASSIGN(const OrderPreview preview, PreviewOf(terms, Date(2009, 6, 1)));
  EXPECT_EQ(preview.first_invoices[0].net, preview.commitment);
  EXPECT_EQ(preview.first_invoices[0].period, (Period{Date(2009, 8, 1), Date(2010, 8, 1)}));
}

TEST(OrderPreviewTest, FreeDaysComeBeforeTheFirstInvoiceAndAPromotionIsNotTheListPrice) {
  const OrderTerms terms =
      TermsOf({{"sharepoint-online", *Quantity::Of(7)}, {"bpos-standard-suite", *Quantity::Of(25), "trial"}}, 1);
  ASSERT_OK_AND_ASSIGN(const OrderPreview preview, PreviewOf(terms, Date(2009, 6, 1)));
  ASSERT_EQ(preview.first_invoices.size(), 2);
  EXPECT_EQ(preview.first_invoices[0].net.ToString(), "50.75 USD");
  EXPECT_EQ(preview.first_invoices[1].period.start, Date(2009, 7, 1));
  const OrderTerms promoted = TermsOf({{"bpos-standard-suite", *Quantity::Of(25), "eight"}}, 1);
  EXPECT_EQ(promoted.Commitment().ToString(), "2400.00 USD");
  EXPECT_EQ(promoted.ListTotal().ToString(), "375.00 USD");
}

}  // namespace
}  // namespace countersign::order
