#include "billing-service/src/domain/credit_note.h"

#include "absl/status/status.h"
#include "billing-service/src/domain/test_terms.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

TEST(CreditNoteTest, PartsOfALineAddUpToItsNetAndTax) {
  Money net = Usd(0);
  Money tax = Usd(0);
  for (int64_t before = 0; before < 446'25; before += 75) {
    const NetAndTax part = *SplitGross(Usd(before), Usd(75), 1900);
    net = *net.Plus(part.net);
    tax = *tax.Plus(part.tax);
  }
  EXPECT_EQ(net, Usd(375'00));
  EXPECT_EQ(tax, Usd(71'25));
}

TEST(CreditNoteTest, WithoutTaxAllIsNet) {
  const NetAndTax parts = *SplitGross(Usd(0), Usd(7'25), 0);
  EXPECT_EQ(parts.net, Usd(7'25));
  EXPECT_EQ(parts.tax, Usd(0));
}

TEST(CreditNoteTest, RefusesNegativeAmounts) {
  EXPECT_EQ(SplitGross(Usd(0), Usd(-1), 1900).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace countersign::billing
