#include "billing-service/src/domain/fee_accrual.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "billing-service/src/domain/test_terms.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

namespace countersign::billing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// One invoice of one line: its entries and credits as billing-service would keep them.
class LineBooks {
 public:
  LineBooks(const Money& net, Date tranche_start, const Period& service) {
    Invoice invoice;
    invoice.id = IdOf("invoice");
    InvoiceLine line;
    line.number = 1;
    line.service = service;
    line.net = net;
    line.fee_segments = FreezeFeeSegments(IdOf("A"), 1, tranche_start, service, StandardSchedule());
    invoice.lines = {line};
    entries_ = FrozenFees(invoice);
  }

  std::vector<int64_t> Pay() { return Keep(AccrueFees(entries_, credits_, {FeeCause::kInvoicePaid, {}, Next()})); }
  std::vector<int64_t> Reopen() { return Keep(ReverseInFull(entries_, {FeeCause::kInvoiceReopened, {}, Next()})); }
  std::vector<int64_t> Credit(const Money& net, std::optional<Period> days = std::nullopt) {
    credits_.push_back({1, net, days});
    return Keep(ReverseForCredit(entries_, credits_, {FeeCause::kCreditNote, {}, Next()}));
  }

  const std::vector<FeeEntry>& entries() const { return entries_; }
  std::vector<FeeEntry>& entries() { return entries_; }
  const std::vector<LineCredit>& credits() const { return credits_; }
  int64_t TotalCents() const {
    int64_t sum = 0;
    for (const FeeEntry& entry : entries_) sum += entry.amount.micros() / 10'000;
    return sum;
  }

 private:
  absl::Time Next() { return now_ += absl::Hours(1); }

  // The entries' amounts in cents; what was frozen is replaced by what it earned, like the row.
  std::vector<int64_t> Keep(const absl::StatusOr<std::vector<FeeEntry>>& made) {
    std::vector<int64_t> cents;
    EXPECT_TRUE(made.ok()) << made.status();
    for (const FeeEntry& entry : made.value_or(std::vector<FeeEntry>())) {
      cents.push_back(entry.amount.micros() / 10'000);
      entries_.erase(
          std::remove_if(entries_.begin(), entries_.end(), [&](const FeeEntry& old) { return old.id == entry.id; }),
          entries_.end());
      entries_.push_back(entry);
    }
    return cents;
  }

  std::vector<FeeEntry> entries_;
  std::vector<LineCredit> credits_;
  absl::Time now_ = StartOf(Day("2009-06-20"));
};

Period June() { return {Day("2009-06-01"), Day("2009-07-01")}; }

// 375.00 for June in year one: a fee of 45.00.
LineBooks FirstMonth() { return {Usd(375'00), Day("2009-06-01"), June()}; }

// 1,200.00 for a year of which 183 days are in the tranche's first year.
LineBooks AcrossTheAnniversary() { return {Usd(1'200'00), Day("2009-07-01"), {Day("2009-12-30"), Day("2010-12-30")}}; }
Period AfterTheAnniversary() { return {Day("2010-07-01"), Day("2010-12-30")}; }

TEST(FeeAccrualTest, APaymentThatBouncesReversesAndTheNextAccruesAgain) {
  LineBooks books = FirstMonth();
  EXPECT_THAT(books.Pay(), ElementsAre(45'00));
  EXPECT_THAT(books.Reopen(), ElementsAre(-45'00));
  EXPECT_THAT(books.Reopen(), IsEmpty()) << "reversed once";
  EXPECT_THAT(books.Pay(), ElementsAre(45'00));
  EXPECT_EQ(books.entries().back().key, (FeeKey{2, 0}));
  EXPECT_EQ(books.TotalCents(), 45'00);
}

TEST(FeeAccrualTest, EveryEntryHasAnIdOfItsOwn) {
  LineBooks books = FirstMonth();
  books.Pay();
  books.Credit(Usd(100'00));
  books.Credit(Usd(100'00));
  books.Reopen();
  books.Pay();
  books.Credit(Usd(100'00));
  std::set<std::string> ids;
  for (const FeeEntry& entry : books.entries()) ids.insert(entry.id.ToString());
  EXPECT_EQ(ids.size(), 6u);
}

TEST(FeeAccrualTest, ACreditBeforeThePaymentLowersTheBasis) {
  LineBooks books = FirstMonth();
  EXPECT_THAT(books.Credit(Usd(100'00)), IsEmpty());
  EXPECT_THAT(books.Pay(), ElementsAre(33'00));
  EXPECT_EQ(Explain(books.entries()[0]), "275.00 USD × 12 % × 30/30 days = 33.00 USD");
  LineBooks month_12 = {Usd(375'00), Day("2009-06-01"), {Day("2010-05-01"), Day("2010-06-01")}};
  month_12.Credit(Usd(75'00));
  EXPECT_THAT(month_12.Pay(), ElementsAre(36'00));
  EXPECT_THAT(month_12.Credit(Usd(300'00)), ElementsAre(-36'00)) << "what is left, whole";
}

TEST(FeeAccrualTest, ACreditAfterThePaymentReversesAtTheEntrysOwnRate) {
  LineBooks month_12 = {Usd(375'00), Day("2009-06-01"), {Day("2010-05-01"), Day("2010-06-01")}};
  month_12.Pay();
  EXPECT_THAT(month_12.Credit(Usd(84'03)), ElementsAre(-10'08));
  EXPECT_EQ(Explain(month_12.entries().back()),
            "84.03 USD credited since the payment, less what was reversed before: -10.08 USD");
  EXPECT_THAT(month_12.Credit(Usd(0)), IsEmpty()) << "a tax-only credit note";
  LineBooks full = FirstMonth();
  full.Pay();
  EXPECT_THAT(full.Credit(Usd(375'00)), ElementsAre(-45'00));
}

TEST(FeeAccrualTest, SevenCreditNotesReverseExactlyTheFee) {
  LineBooks books = {Usd(50'75), Day("2008-01-01"), June()};
  EXPECT_THAT(books.Pay(), ElementsAre(3'05));
  std::vector<int64_t> reversals;
  for (int note = 0; note < 7; ++note) reversals.push_back(-books.Credit(Usd(7'25)).at(0));
  EXPECT_THAT(reversals, ElementsAre(44, 43, 44, 43, 44, 43, 44));
  EXPECT_EQ(books.TotalCents(), 0);
}

TEST(FeeAccrualTest, ACreditOfDaysReversesTheSegmentsOfThoseDaysFirst) {
  LineBooks books = AcrossTheAnniversary();
  EXPECT_THAT(books.Pay(), ElementsAre(72'20, 35'90));
  EXPECT_THAT(books.Credit(Usd(598'36), AfterTheAnniversary()), ElementsAre(-35'90));
  EXPECT_THAT(books.Credit(Usd(601'64)), ElementsAre(-72'20));

  LineBooks by_amount = AcrossTheAnniversary();
  by_amount.Pay();
  const std::vector<int64_t> reversed = by_amount.Credit(Usd(598'36));
  EXPECT_EQ(reversed.at(0) + reversed.at(1), -53'90) << "an amount takes from all days alike";
}

TEST(FeeAccrualTest, ACreditOfDaysBeforeThePaymentLeavesTheOtherDaysTheirFee) {
  LineBooks books = AcrossTheAnniversary();
  books.Credit(Usd(598'36), AfterTheAnniversary());
  EXPECT_THAT(books.Pay(), ElementsAre(72'20, 0));
  EXPECT_THAT(books.Credit(Usd(300'82)), ElementsAre(-36'10));
  EXPECT_THAT(books.Reopen(), ElementsAre(-36'10));
  EXPECT_THAT(books.Pay(), ElementsAre(36'10, 0));
}

TEST(FeeAccrualTest, RefusesMoreThanTheLineAndASecondAccrual) {
  LineBooks books = FirstMonth();
  books.Pay();
  EXPECT_EQ(DetailsOf(AccrueFees(books.entries(), {}, {}).status()).reason, "FEE_ALREADY_ACCRUED");
  EXPECT_EQ(DetailsOf(ReverseForCredit(books.entries(), {{1, Usd(375'01), {}}}, {}).status()).reason,
            "CREDIT_EXCEEDS_LINE");
  EXPECT_EQ(ReverseForCredit(books.entries(), {{1, Usd(-1), {}}}, {}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(FeeAccrualTest, LinesAreCreditedByThemselves) {
  LineBooks books = FirstMonth();
  std::vector<FeeEntry> two = books.entries();
  FeeEntry second = two[0];
  second.line = 2;
  second.id = FeeId(second.invoice, 2, 1, {});
  two.push_back(second);
  const std::vector<FeeEntry> accrued = *AccrueFees(two, {{2, Usd(375'00), {}}}, {});
  ASSERT_EQ(accrued.size(), 2u);
  EXPECT_EQ(accrued[0].amount, Usd(45'00));
  EXPECT_EQ(accrued[1].amount, Usd(0));
  EXPECT_EQ(*SumOfFees(accrued, "USD"), Usd(45'00));
}

// The slow exact model of amounts: fractions of cents as integers over one denominator, rounded half away from zero.
int64_t Rounded(__int128 numerator, __int128 denominator) {
  return static_cast<int64_t>((2 * numerator + denominator) / (2 * denominator));
}

// What a line's segments earn together for `net_cents`, by the rule and nothing else.
std::vector<int64_t> ModelOfFees(int64_t net_cents, const std::vector<FeeEntry>& frozen) {
  std::vector<int64_t> fees;
  __int128 weight = 0;
  int64_t before = 0;
  for (const FeeEntry& entry : frozen) {
    weight += static_cast<__int128>(entry.segment.rate_basis_points) * entry.segment.days;
    const int64_t so_far = Rounded(net_cents * weight, static_cast<__int128>(10'000) * entry.line_days);
    fees.push_back(so_far - before);
    before = so_far;
  }
  return fees;
}

RC_GTEST_PROP(FeeAccrualProperty, AmountsAgreeWithTheExactModel, ()) {
  const int64_t net = *rc::gen::inRange<int64_t>(1, 100'000'00);
  const int64_t anniversary = *rc::gen::inRange<int64_t>(0, 32);
  const Period service = {Day("2010-07-01"), Day("2010-08-01")};
  LineBooks books(Usd(net), AddMonths(service.start, -12) + anniversary, service);
  const std::vector<FeeEntry> frozen = books.entries();
  int64_t credited = 0;
  const auto credit = [&] {
    const int64_t now = *rc::gen::inRange<int64_t>(0, net - credited + 1);
    credited += now;
    return now;
  };
  for (int generation = 1; generation <= 3; ++generation) {
    RC_ASSERT(books.Credit(Usd(credit())).empty());
    const int64_t basis = net - credited;
    const std::vector<int64_t> fees = books.Pay();
    RC_ASSERT(fees == ModelOfFees(basis, frozen));
    std::vector<int64_t> reversed(fees.size(), 0);
    for (int note = 0; note < 3; ++note) {
      const int64_t now = credit();
      int64_t made = 0;
      for (const int64_t cents : books.Credit(Usd(now))) made += cents;
      int64_t expected = 0;
      for (size_t i = 0; i < fees.size(); ++i) {
        const int64_t so_far =
            basis == 0 ? 0 : Rounded(static_cast<__int128>(fees[i]) * (basis - (net - credited)), basis);
        expected -= so_far - reversed[i];
        reversed[i] = so_far;
      }
      RC_ASSERT(made == expected);
    }
    books.Reopen();
    RC_ASSERT(books.TotalCents() == 0);
  }
}

RC_GTEST_PROP(FeeAccrualProperty, ReversalsNeverExceedTheirEntryAndFollowItWhole, ()) {
  const int64_t net = *rc::gen::inRange<int64_t>(1, 5'000'00);
  const Period service = {Day("2010-01-01"), Day("2011-01-01")};
  LineBooks books(Usd(net), Day("2009-01-01") + *rc::gen::inRange<int64_t>(0, 366), service);
  int64_t left = net;
  const auto credit = [&](int64_t cents) {
    left -= cents;
    const int64_t first = *rc::gen::inRange<int64_t>(0, 365);
    const bool by_days = *rc::gen::arbitrary<bool>();
    books.Credit(Usd(cents), by_days ? std::optional<Period>({service.start + first, service.end}) : std::nullopt);
  };
  credit(*rc::gen::inRange<int64_t>(0, left + 1));
  books.Pay();
  for (int note = 0; note < 4; ++note) credit(*rc::gen::inRange<int64_t>(0, left + 1));
  for (const FeeEntry& entry : books.entries()) {
    int64_t rest = 0;
    for (const FeeEntry& other : books.entries()) {
      if (other.segment_number == entry.segment_number) rest += other.amount.micros();
    }
    RC_ASSERT(rest >= 0);
    RC_ASSERT(entry.key.reversal == 0 || entry.amount.micros() < 0);
  }
  credit(left);
  RC_ASSERT(books.TotalCents() == 0);
}

}  // namespace
}  // namespace countersign::billing
