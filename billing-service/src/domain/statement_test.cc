#include "billing-service/src/domain/statement.h"

#include "billing-service/src/domain/test_terms.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

StatementDisposition DispositionOf(int64_t total, const StatementTerms& terms) {
  return CloseStatement(Usd(0), Usd(total), terms)->disposition;
}

TEST(StatementTest, QuartersAreThoseOfTheCalendar) {
  EXPECT_EQ(QuarterOf(Day("2009-06-30")), (Period{Day("2009-04-01"), Day("2009-07-01")}));
  EXPECT_EQ(QuarterOf(Day("2009-12-31")), (Period{Day("2009-10-01"), Day("2010-01-01")}));
  EXPECT_EQ(QuarterOf(Day("2010-01-01")), (Period{Day("2010-01-01"), Day("2010-04-01")}));
}

TEST(StatementTest, ExactlyTheMinimumIsPaid) {
  EXPECT_EQ(DispositionOf(49'99, {Usd(50'00), true, false}), StatementDisposition::kCarried);
  EXPECT_EQ(DispositionOf(50'00, {Usd(50'00), true, false}), StatementDisposition::kPayable);
}

TEST(StatementTest, WithoutAPayeeItIsHeldAndNotCarriedTwice) {
  const StatementTotal statement = *CloseStatement(Usd(0), Usd(180'00), {Usd(50'00), false, false});
  EXPECT_EQ(statement.disposition, StatementDisposition::kHeld);
  EXPECT_EQ(statement.carried_forward, Usd(0));
}

TEST(StatementTest, FinalStatementIgnoresTheMinimumAndADebtIsReceivable) {
  EXPECT_EQ(DispositionOf(1, {Usd(50'00), true, true}), StatementDisposition::kPayable);
  EXPECT_EQ(DispositionOf(0, {Usd(50'00), true, true}), StatementDisposition::kCarried);
  EXPECT_EQ(DispositionOf(-1, {Usd(50'00), true, true}), StatementDisposition::kReceivable);
}

}  // namespace
}  // namespace countersign::billing
