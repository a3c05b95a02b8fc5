// The table "Worked examples" of the domain's contract, to the cent.
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "billing-service/src/domain/billing_run.h"
#include "billing-service/src/domain/fee.h"
#include "billing-service/src/domain/invoice.h"
#include "billing-service/src/domain/statement.h"
#include "billing-service/src/domain/subscription.h"
#include "billing-service/src/domain/test_terms.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// One line of a tranche over part of a period, and its fee entries.
struct LineCase {
  std::string name;
  Money unit_price;
  int64_t quantity;
  std::string tranche_start;
  Period service;
  Period billing_period;
  std::string net;
  std::vector<std::string> fees;
};

Period Days(absl::string_view start, absl::string_view end) { return {Day(start), Day(end)}; }

// An invoice of the one line.
Invoice InvoiceOf(const LineCase& example, const Money& net) {
  InvoiceLine line;
  line.tranche = 1;
  line.description = example.name;
  line.quantity = example.quantity;
  line.unit_price = example.unit_price;
  line.months = 1;
  line.service = example.service;
  line.billing_period = example.billing_period;
  line.net = net;
  BillingAccount account = AccountIn(net.currency());
  return *OpenInvoice(account, {line}, example.service.start);
}

class LineExample : public ::testing::TestWithParam<LineCase> {};

TEST_P(LineExample, HasTheAmountAndTheFees) {
  const LineCase& example = GetParam();
  const Money net = *LineAmount(example.unit_price, example.quantity, 1, example.service, example.billing_period);
  EXPECT_EQ(net.ToString(), example.net);
  ExpectExplained(InvoiceOf(example, net));
  const std::vector<Money> amounts = *FeeAmounts(
      net, FreezeFeeSegments(IdOf("A"), 1, Day(example.tranche_start), example.service, StandardSchedule()));
  std::vector<std::string> fees;
  fees.reserve(amounts.size());
  for (const Money& fee : amounts) {
    fees.push_back(fee.ToString());
  }
  EXPECT_EQ(fees, example.fees);
}

Money Yen(int64_t yen) { return *Money::FromMicros(yen * Money::kMicrosPerUnit, "JPY"); }
Money Fils(int64_t fils) { return *Money::FromMicros(fils * 1'000, "KWD"); }

INSTANTIATE_TEST_SUITE_P(WorkedExamples, LineExample,
                         ::testing::Values(LineCase{"FirstMonth",
                                                    Usd(15'00),
                                                    25,
                                                    "2009-06-01",
                                                    Days("2009-06-01", "2009-07-01"),
                                                    Days("2009-06-01", "2009-07-01"),
                                                    "375.00 USD",
                                                    {"45.00 USD"}},
                                           LineCase{"Month12",
                                                    Usd(15'00),
                                                    25,
                                                    "2009-06-01",
                                                    Days("2010-05-01", "2010-06-01"),
                                                    Days("2010-05-01", "2010-06-01"),
                                                    "375.00 USD",
                                                    {"45.00 USD"}},
                                           LineCase{"Month13",
                                                    Usd(15'00),
                                                    25,
                                                    "2009-06-01",
                                                    Days("2010-06-01", "2010-07-01"),
                                                    Days("2010-06-01", "2010-07-01"),
                                                    "375.00 USD",
                                                    {"22.50 USD"}},
                                           LineCase{"TenMoreOnDay11Of30",
                                                    Usd(15'00),
                                                    10,
                                                    "2009-06-11",
                                                    Days("2009-06-11", "2009-07-01"),
                                                    Days("2009-06-01", "2009-07-01"),
                                                    "100.00 USD",
                                                    {"12.00 USD"}},
                                           LineCase{"SharePoint13Of31",
                                                    Usd(7'25),
                                                    7,
                                                    "2009-07-19",
                                                    Days("2009-07-19", "2009-08-01"),
                                                    Days("2009-07-01", "2009-08-01"),
                                                    "21.28 USD",
                                                    {"2.55 USD"}},
                                           LineCase{"SharePoint13Of31InYen",
                                                    Yen(998),
                                                    7,
                                                    "2009-07-19",
                                                    Days("2009-07-19", "2009-08-01"),
                                                    Days("2009-07-01", "2009-08-01"),
                                                    "2930 JPY",
                                                    {"352 JPY"}},
                                           LineCase{"SharePoint13Of31InDinar",
                                                    Fils(3'050),
                                                    7,
                                                    "2009-07-19",
                                                    Days("2009-07-19", "2009-08-01"),
                                                    Days("2009-07-01", "2009-08-01"),
                                                    "8.953 KWD",
                                                    {"1.074 KWD"}},
                                           LineCase{"February2010",
                                                    Usd(10'00),
                                                    7,
                                                    "2010-02-15",
                                                    Days("2010-02-15", "2010-03-01"),
                                                    Days("2010-02-01", "2010-03-01"),
                                                    "35.00 USD",
                                                    {"4.20 USD"}},
                                           LineCase{"February2012",
                                                    Usd(10'00),
                                                    7,
                                                    "2012-02-15",
                                                    Days("2012-02-15", "2012-03-01"),
                                                    Days("2012-02-01", "2012-03-01"),
                                                    "36.21 USD",
                                                    {"4.35 USD"}},
                                           LineCase{"LeapDayTrancheFrom20130228",
                                                    Usd(10'00),
                                                    1,
                                                    "2012-02-29",
                                                    Days("2013-02-28", "2013-03-29"),
                                                    Days("2013-02-28", "2013-03-29"),
                                                    "10.00 USD",
                                                    {"0.60 USD"}},
                                           LineCase{"AnniversaryInsideThePeriod",
                                                    Usd(10'00),
                                                    10,
                                                    "2009-06-11",
                                                    Days("2010-06-01", "2010-07-01"),
                                                    Days("2010-06-01", "2010-07-01"),
                                                    "100.00 USD",
                                                    {"4.00 USD", "4.00 USD"}},
                                           LineCase{"PromotionsTwoInAugust2011",
                                                    Usd(10'00),
                                                    2,
                                                    "2010-08-16",
                                                    Days("2011-08-01", "2011-09-01"),
                                                    Days("2011-08-01", "2011-09-01"),
                                                    "20.00 USD",
                                                    {"1.16 USD", "0.62 USD"}}),
                         [](const ::testing::TestParamInfo<LineCase>& info) { return info.param.name; });

int64_t Sum(const std::vector<int64_t>& cents) { return std::accumulate(cents.begin(), cents.end(), int64_t{0}); }

TEST(WorkedExamplesTest, TwentyFiveSeatsEarn540InYearOneAnd270Later) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  const std::vector<InvoiceLine> first_year = BillOn(suite, "2010-05-31");
  ASSERT_EQ(first_year.size(), 12u);
  EXPECT_THAT(NetsInCents(first_year), ::testing::Each(375'00));
  EXPECT_EQ(Sum(FeesInCents(first_year)), 540'00);
  ASSERT_TRUE(Renew(suite, 25, Usd(15'00)).ok());
  EXPECT_EQ(Sum(FeesInCents(BillOn(suite, "2011-05-31"))), 270'00);
}

TEST(WorkedExamplesTest, Month13WithTenSeatsOfALaterMonthEarns4050) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  BillOn(suite, "2009-09-01");
  ASSERT_TRUE(AddSeats(suite, Day("2009-09-11"), 10, Usd(15'00)).ok());
  BillOn(suite, "2010-05-31");
  ASSERT_TRUE(Renew(suite, 35, Usd(15'00)).ok());
  const std::vector<InvoiceLine> lines = BillOn(suite, "2010-06-01");
  EXPECT_THAT(NetsInCents(lines), ElementsAre(375'00, 150'00));
  EXPECT_THAT(FeesInCents(lines), ElementsAre(22'50, 18'00));
}

TEST(WorkedExamplesTest, Month13WithTenSeatsOfDay11OfMonthOneEarns3450) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  BillOn(suite, "2009-06-01");
  ASSERT_TRUE(AddSeats(suite, Day("2009-06-11"), 10, Usd(15'00)).ok());
  EXPECT_THAT(BillOn(suite, "2009-06-30"), IsEmpty()) << "added seats wait for the next invoice";
  EXPECT_THAT(NetsInCents(BillOn(suite, "2009-07-01")), ElementsAre(375'00, 100'00, 150'00));
  BillOn(suite, "2010-05-31");
  ASSERT_TRUE(Renew(suite, 35, Usd(15'00)).ok());
  EXPECT_THAT(FeesInCents(BillOn(suite, "2010-06-01")), ElementsAre(22'50, 6'00, 6'00));
}

TEST(WorkedExamplesTest, FullCreditReversesTheFee) {
  EXPECT_EQ(*FeeReversal(Usd(45'00), Usd(375'00), Usd(0), Usd(375'00)), Usd(-45'00));
}

TEST(WorkedExamplesTest, RenewalAtTheNewPriceKeepsTheFirstYear) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  BillOn(suite, "2010-05-31");
  ASSERT_TRUE(Renew(suite, 25, Usd(10'00)).ok());
  const std::vector<InvoiceLine> lines = BillOn(suite, "2010-06-01");
  EXPECT_THAT(NetsInCents(lines), ElementsAre(250'00));
  EXPECT_THAT(FeesInCents(lines), ElementsAre(15'00));
}

TEST(WorkedExamplesTest, SeatsAddedUnderAnAnchorOfThe31st) {
  Subscription suite = Seats(25, Usd(10'00), "2010-01-31");
  BillOn(suite, "2010-02-28");
  ASSERT_TRUE(AddSeats(suite, Day("2010-03-15"), 5, Usd(10'00)).ok());
  const std::vector<InvoiceLine> lines = BillOn(suite, "2010-03-31");
  EXPECT_THAT(NetsInCents(lines), ElementsAre(250'00, 25'81, 50'00));
  EXPECT_EQ(lines[1].service, Days("2010-03-15", "2010-03-31"));
  EXPECT_EQ(lines[1].billing_period.days(), 31);
  EXPECT_THAT(FeesInCents(lines), ElementsAre(30'00, 3'10, 6'00));
}

TEST(WorkedExamplesTest, SeatsAcrossATierKeepTheirPricesUntilRenewal) {
  Subscription suite = Seats(240, Usd(10'00), "2009-06-01");
  BillOn(suite, "2010-01-31");
  ASSERT_TRUE(AddSeats(suite, Day("2010-02-01"), 20, Usd(9'50)).ok());
  const std::vector<int64_t> nets = NetsInCents(BillOn(suite, "2010-02-01"));
  EXPECT_THAT(nets, ElementsAre(2'400'00, 190'00));
  EXPECT_EQ(Sum(nets), 2'590'00);
  BillOn(suite, "2010-05-31");
  ASSERT_TRUE(Renew(suite, 260, Usd(9'50)).ok());
  const std::vector<InvoiceLine> renewed = BillOn(suite, "2010-06-01");
  EXPECT_EQ(Sum(NetsInCents(renewed)), 2'470'00);
  EXPECT_EQ(Sum(FeesInCents(renewed)), 159'60);
}

TEST(WorkedExamplesTest, PromotionHoldsForTheInitialTermOnly) {
  Subscription suite = Seats(25, Usd(8'00), "2010-02-01");
  const std::vector<InvoiceLine> first = BillOn(suite, "2010-02-01");
  EXPECT_THAT(NetsInCents(first), ElementsAre(200'00));
  EXPECT_THAT(FeesInCents(first), ElementsAre(24'00));
  BillOn(suite, "2010-08-01");
  ASSERT_TRUE(AddSeats(suite, Day("2010-08-16"), 2, Usd(10'00)).ok());
  const std::vector<InvoiceLine> added = BillOn(suite, "2010-09-01");
  EXPECT_EQ(NetsInCents(added)[1], 10'32);
  EXPECT_EQ(FeesInCents(added)[1], 1'24);
  BillOn(suite, "2011-01-31");
  ASSERT_TRUE(Renew(suite, 27, Usd(10'00)).ok());
  const std::vector<InvoiceLine> renewed = BillOn(suite, "2011-02-01");
  EXPECT_EQ(Sum(NetsInCents(renewed)), 270'00);
  EXPECT_THAT(FeesInCents(renewed), ElementsAre(15'00, 2'40));
  BillOn(suite, "2011-07-31");
  EXPECT_THAT(FeesInCents(BillOn(suite, "2011-08-01")), ElementsAre(15'00, 1'16, 62));
}

TEST(WorkedExamplesTest, SevenCreditNotesReverseTheFeeExactly) {
  const Money entry = FeeAmounts(Usd(50'75), {{IdOf("A"), 1, 600, 31}})->front();
  EXPECT_EQ(entry, Usd(3'05));
  std::vector<int64_t> reversals;
  reversals.reserve(7);
  for (int note = 0; note < 7; ++note) {
    reversals.push_back(FeeReversal(entry, Usd(50'75), Usd(7'25 * note), Usd(7'25))->micros() / -10'000);
  }
  EXPECT_THAT(reversals, ElementsAre(44, 43, 44, 43, 44, 43, 44));
  EXPECT_EQ(Sum(reversals), 3'05);
}

TEST(WorkedExamplesTest, StatementsCarryWhatIsBelowTheMinimum) {
  struct Quarter {
    int64_t accrued;
    int64_t total;
    StatementDisposition disposition;
  };
  const Quarter quarters[] = {{45'00, 45'00, StatementDisposition::kCarried},
                              {135'00, 180'00, StatementDisposition::kPayable},
                              {135'00 - 225'00, -90'00, StatementDisposition::kCarried},
                              {135'00, 45'00, StatementDisposition::kCarried}};
  Money carried = Usd(0);
  for (const Quarter& quarter : quarters) {
    const StatementTotal statement = *CloseStatement(carried, Usd(quarter.accrued), {Usd(50'00), true, false});
    EXPECT_EQ(statement.total, Usd(quarter.total));
    EXPECT_EQ(statement.disposition, quarter.disposition);
    carried = statement.carried_forward;
  }
}

std::vector<Uuid> PartnersOf(const std::vector<InvoiceLine>& lines) {
  std::vector<Uuid> partners;
  partners.reserve(lines.size());
  for (const InvoiceLine& line : lines) partners.push_back(line.fee_segments.front().partner);
  return partners;
}

TEST(WorkedExamplesTest, ChangeOfPartnerStartsWithTheNextPeriodNotInvoiced) {
  const Uuid a = IdOf("A");
  const Uuid b = IdOf("B");
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  BillOn(suite, "2010-02-28");
  const std::vector<InvoiceLine> march = BillOn(suite, "2010-03-01");
  EXPECT_THAT(FeesInCents(march), ElementsAre(45'00));
  EXPECT_THAT(PartnersOf(march), ElementsAre(a));
  EXPECT_EQ(*ChangePartner(suite, b, Day("2010-03-15")), Day("2010-04-01"));
  ASSERT_TRUE(AddSeats(suite, Day("2010-03-20"), 10, Usd(10'00)).ok());
  const std::vector<InvoiceLine> april = BillOn(suite, "2010-04-01");
  EXPECT_THAT(NetsInCents(april), ElementsAre(375'00, 38'71, 100'00));
  EXPECT_THAT(FeesInCents(april), ElementsAre(45'00, 4'65, 12'00));
  EXPECT_THAT(PartnersOf(april), ElementsAre(b, a, b));
  BillOn(suite, "2010-05-31");
  ASSERT_TRUE(Renew(suite, 35, Usd(10'00)).ok());
  const std::vector<InvoiceLine> june = BillOn(suite, "2010-06-01");
  EXPECT_THAT(FeesInCents(june), ElementsAre(15'00, 12'00));
  EXPECT_THAT(PartnersOf(june), ElementsAre(b, b));
}

TEST(WorkedExamplesTest, ChangeOfPartnerOfAnAnnualSubscription) {
  Subscription suite = Seats(25, Usd(15'00), "2009-06-01");
  suite.billing_months = 12;
  const std::vector<InvoiceLine> year = BillOn(suite, "2009-06-01");
  EXPECT_THAT(FeesInCents(year), ElementsAre(540'00));
  EXPECT_THAT(PartnersOf(year), ElementsAre(IdOf("A")));
  EXPECT_EQ(*ChangePartner(suite, IdOf("B"), Day("2009-08-15")), Day("2009-09-01"));
  ASSERT_TRUE(AddSeats(suite, Day("2009-10-11"), 10, Usd(15'00)).ok());
  const std::vector<InvoiceLine> added = BillOn(suite, "2009-10-11");
  EXPECT_THAT(NetsInCents(added), ElementsAre(1'149'04)) << "1,800.00 × 233/365";
  EXPECT_THAT(FeesInCents(added), ElementsAre(137'88));
  EXPECT_THAT(PartnersOf(added), ElementsAre(IdOf("B")));
}

}  // namespace
}  // namespace countersign::billing
