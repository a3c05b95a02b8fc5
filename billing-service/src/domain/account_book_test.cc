#include "billing-service/src/domain/account_book.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/domain/billing_run.h"
#include "billing-service/src/domain/test_terms.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::billing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// An account as its rows would be, act after act.
class Books {
 public:
  Books() { account_.credit = Usd(0); }

  // A monthly invoice of that net, without tax; the fee rate is 12 %.
  Uuid Bill(int64_t cents) {
    InvoiceLine line;
    line.subscription = IdOf("subscription");
    line.net = Usd(cents);
    line.service = line.billing_period = {Day("2009-06-01"), Day("2009-07-01")};
    line.fee_segments = FreezeFeeSegments(IdOf("A"), 1, Day("2009-06-01"), line.service, StandardSchedule());
    Invoice invoice = *OpenInvoice(account_, {line}, Day("2009-06-01"));
    const std::vector<FeeEntry> frozen = FrozenFees(invoice);
    fees_.insert(fees_.end(), frozen.begin(), frozen.end());
    invoices_.push_back(std::move(invoice));
    return invoices_.back().id;
  }

  // Invoices have tax from now on.
  void SetTaxRate(int64_t ppm) {
    TaxRate rate;
    rate.effective_date = Day("2007-01-01");
    rate.rate_ppm = ppm;
    account_.tax = std::make_shared<TaxTable>("DE", std::vector<TaxRate>{rate}, TaxProfile());
  }

  // The payment of the whole amount, by the oldest invoices first.
  Allocation Pay(int64_t cents, absl::string_view name) {
    std::vector<Receivable> due;
    for (const Invoice& invoice : invoices_) {
      if (invoice.state == InvoiceState::kOpen) {
        due.push_back({invoice.id, invoice.issue_date, invoice.sequence, AmountDue(invoice)});
      }
    }
    const Allocation allocation = *Allocate(Usd(cents), std::nullopt, due);
    AccountBook book = Open("PAYMENT_SUCCEEDED", name);
    EXPECT_TRUE(book.Receive(Usd(cents), allocation).ok());
    Apply(std::move(book));
    return allocation;
  }

  CreditNote Credit(const Uuid& invoice, const CreditTerms& terms, bool voids = false) {
    AccountBook book = Open("CREDIT_NOTE_ISSUED", absl::StrCat("note", account_.next_credit_note_sequence));
    const CreditNote note = *book.Issue(invoice, terms, "why", voids);
    EXPECT_TRUE(book.UseCredit().ok());
    Apply(std::move(book));
    return note;
  }

  std::string RefusalOfVoid(const Uuid& invoice) {
    return DetailsOf(Open("INVOICE_VOIDED", "void").Issue(invoice, {}, "why", /*voids=*/true).status()).reason;
  }

  absl::Status UseCredit() {
    AccountBook book = Open("CREDIT_USED", absl::StrCat(account_.version));
    const absl::Status used = book.UseCredit();
    Apply(std::move(book));
    return used;
  }

  absl::Status Refund(int64_t cents) {
    AccountBook book = Open("REFUNDED", absl::StrCat("refund", account_.version));
    const absl::Status refunded = book.Refund(Usd(cents));
    if (refunded.ok()) Apply(std::move(book));
    return refunded;
  }

  absl::Status Reverse(int64_t cents, const Allocation& allocation, absl::string_view name) {
    AccountBook book = Open("PAYMENT_REVERSED", name);
    const absl::Status reversed = book.Reverse(Usd(cents), allocation, uses_);
    if (reversed.ok()) Apply(std::move(book));
    return reversed;
  }

  const Invoice& Of(const Uuid& id) const {
    return *std::find_if(invoices_.begin(), invoices_.end(), [&](const Invoice& invoice) { return invoice.id == id; });
  }
  int64_t Due(const Uuid& id) const { return AmountDue(Of(id)).micros() / 10'000; }
  InvoiceState State(const Uuid& id) const { return Of(id).state; }
  int64_t credit() const { return account_.credit.micros() / 10'000; }

  // Debits less credits of all acts, in cents.
  int64_t Balance(LedgerAccount account) const {
    const auto found = balances_.find(account);
    return found == balances_.end() ? 0 : found->second / 10'000;
  }

  // Fees and reversals in cents, in the order in which they were written.
  const std::vector<int64_t>& entries() const { return entries_; }

 private:
  const absl::Time kNow = StartOf(Day("2009-06-20"));

  AccountBook Open(absl::string_view act, absl::string_view subject) {
    return AccountBook(account_, invoices_, fees_, {act, IdOf(subject), Day("2009-06-20"), kNow});
  }

  void Apply(AccountBook book) {
    const AccountChange change = *std::move(book).Close();
    EXPECT_EQ(change.account.version, account_.version + 1);
    EXPECT_TRUE(change.posting.entries.empty() || CheckBalanced(change.posting).ok());
    for (const LedgerEntry& entry : change.posting.entries) {
      balances_[entry.account] += (entry.side == LedgerSide::kDebit ? 1 : -1) * entry.amount.micros();
    }
    account_ = change.account;
    for (const Invoice& changed : change.invoices) {
      for (Invoice& invoice : invoices_) {
        if (invoice.id != changed.id) continue;
        EXPECT_EQ(changed.version, invoice.version + 1);
        invoice = changed;
      }
    }
    for (const FeeEntry& fee : change.fees) {
      std::erase_if(fees_, [&](const FeeEntry& other) { return other.id == fee.id; });
      fees_.push_back(fee);
      entries_.push_back(fee.amount.micros() / 10'000);
    }
    for (const CreditUse& use : change.uses) {
      std::erase_if(uses_, [&](const CreditUse& other) {
        return other.account_version == use.account_version && other.invoice == use.invoice;
      });
      uses_.push_back(use);
    }
  }

  BillingAccount account_ = AccountIn("USD");
  std::vector<Invoice> invoices_;
  std::vector<FeeEntry> fees_;
  std::vector<CreditUse> uses_;
  std::map<LedgerAccount, int64_t> balances_;  // Micros.
  std::vector<int64_t> entries_;
};

const CreditTerms kWhole = {CreditMethod::kWhole, {}, {}};

CreditTerms Amount(int64_t cents) { return {CreditMethod::kAmount, Usd(cents), {}}; }

TEST(AccountBookTest, CreditIsUsedForANewInvoiceWhichThenEarnsItsWholeFee) {
  Books books;
  books.Pay(125'00, "earlier");
  EXPECT_EQ(books.credit(), 125'00);
  const Uuid invoice = books.Bill(375'00);
  ASSERT_TRUE(books.UseCredit().ok());
  EXPECT_EQ(books.Due(invoice), 250'00);
  EXPECT_EQ(books.credit(), 0);
  EXPECT_THAT(books.entries(), IsEmpty());
  books.Pay(250'00, "rest");
  EXPECT_EQ(books.State(invoice), InvoiceState::kPaid);
  EXPECT_EQ(books.credit(), 0);
  EXPECT_THAT(books.entries(), ElementsAre(45'00));
}

TEST(AccountBookTest, CreditNoteBeforePaymentClosesWhatIsDueLowersTheFeeAndLeavesTheRestAsCredit) {
  Books books;
  const Uuid invoice = books.Bill(375'00);
  books.Pay(300'00, "part");
  const CreditNote note = books.Credit(invoice, Amount(100'00));
  EXPECT_EQ(note.applied, Usd(75'00));
  EXPECT_EQ(note.credited, Usd(25'00));
  EXPECT_EQ(books.State(invoice), InvoiceState::kPaid);
  EXPECT_EQ(books.credit(), 25'00);
  EXPECT_THAT(books.entries(), ElementsAre(33'00));
}

TEST(AccountBookTest, CreditNoteBeforePaymentLowersTheFee) {
  Books books;
  const Uuid invoice = books.Bill(375'00);
  books.Credit(invoice, Amount(75'00));
  EXPECT_EQ(books.Due(invoice), 300'00);
  books.Pay(300'00, "rest");
  EXPECT_THAT(books.entries(), ElementsAre(36'00));
}

TEST(AccountBookTest, FullCreditOfAPaidInvoiceReversesItsFeeAndItsRefundReversesNoMore) {
  Books books;
  const Uuid invoice = books.Bill(375'00);
  books.Pay(375'00, "all");
  books.Credit(invoice, kWhole);
  EXPECT_THAT(books.entries(), ElementsAre(45'00, -45'00));
  EXPECT_EQ(books.State(invoice), InvoiceState::kPaid);
  EXPECT_EQ(books.credit(), 375'00);
  EXPECT_TRUE(books.Refund(375'00).ok());
  EXPECT_EQ(books.credit(), 0);
  EXPECT_THAT(books.entries(), ElementsAre(45'00, -45'00));
  EXPECT_EQ(DetailsOf(books.Refund(1)).reason, "REFUND_EXCEEDS_CREDIT");
}

TEST(AccountBookTest, ACreditWithTaxReversesTheFeeOfItsNetAndItsRefundNothing) {
  Books books;
  books.SetTaxRate(190'000);
  const Uuid invoice = books.Bill(375'00);
  EXPECT_EQ(books.Due(invoice), 446'25);
  books.Pay(446'25, "all");
  const CreditNote note = books.Credit(invoice, Amount(100'00));
  EXPECT_EQ(note.net, Usd(84'03));
  EXPECT_EQ(note.tax, Usd(15'97));
  EXPECT_TRUE(books.Refund(100'00).ok());
  EXPECT_THAT(books.entries(), ElementsAre(45'00, -10'08));
  EXPECT_EQ(books.Credit(invoice, {CreditMethod::kTax, {}, {}}).total, Usd(55'28));
  EXPECT_THAT(books.entries(), ElementsAre(45'00, -10'08));
}

TEST(AccountBookTest, CreditOfACreditNotePaysTheOldestOpenInvoice) {
  Books books;
  const Uuid paid = books.Bill(375'00);
  books.Pay(375'00, "all");
  const Uuid open = books.Bill(100'00);
  books.Credit(paid, Amount(150'00));
  EXPECT_EQ(books.State(open), InvoiceState::kPaid);
  EXPECT_EQ(books.credit(), 50'00);
  EXPECT_THAT(books.entries(), ElementsAre(45'00, -18'00, 12'00));
}

TEST(AccountBookTest, VoidIsAFullCreditAndEarnsNothing) {
  Books books;
  const Uuid invoice = books.Bill(375'00);
  books.Credit(invoice, kWhole, /*voids=*/true);
  EXPECT_EQ(books.State(invoice), InvoiceState::kVoid);
  EXPECT_EQ(books.Due(invoice), 0);
  EXPECT_EQ(books.credit(), 0);
  EXPECT_THAT(books.entries(), IsEmpty());
}

TEST(AccountBookTest, WhatIsPaidInPartIsNotVoided) {
  Books books;
  const Uuid invoice = books.Bill(375'00);
  books.Pay(300'00, "part");
  EXPECT_EQ(books.RefusalOfVoid(invoice), "INVOICE_PARTLY_PAID");
  books.Pay(75'00, "rest");
  EXPECT_EQ(books.RefusalOfVoid(invoice), "INVOICE_STATE");
}

TEST(AccountBookTest, PaidBouncedAndPaidAgainEarnsAsTheNextGeneration) {
  Books books;
  const Uuid invoice = books.Bill(375'00);
  const Allocation allocation = books.Pay(375'00, "first");
  ASSERT_TRUE(books.Reverse(375'00, allocation, "first").ok());
  EXPECT_EQ(books.State(invoice), InvoiceState::kOpen);
  EXPECT_EQ(books.Due(invoice), 375'00);
  books.Pay(375'00, "second");
  EXPECT_THAT(books.entries(), ElementsAre(45'00, -45'00, 45'00));
}

TEST(AccountBookTest, ABouncedPaymentTakesBackTheCreditThatWasUsedSince) {
  Books books;
  const Uuid first = books.Bill(375'00);
  const Uuid second = books.Bill(375'00);
  const Allocation allocation = books.Pay(800'00, "payment");
  EXPECT_EQ(books.credit(), 50'00);
  const Uuid third = books.Bill(375'00);
  ASSERT_TRUE(books.UseCredit().ok());
  EXPECT_EQ(books.Due(third), 325'00);
  ASSERT_TRUE(books.Reverse(800'00, allocation, "payment").ok());
  for (const Uuid& invoice : {first, second, third}) {
    EXPECT_EQ(books.State(invoice), InvoiceState::kOpen);
    EXPECT_EQ(books.Due(invoice), 375'00);
  }
  EXPECT_EQ(books.credit(), 0);
  EXPECT_THAT(books.entries(), ElementsAre(45'00, 45'00, -45'00, -45'00));
}

TEST(AccountBookTest, ABouncedPaymentReversesTheFeeOfWhatItsCreditPaid) {
  Books books;
  books.Bill(375'00);
  const Allocation allocation = books.Pay(425'00, "payment");
  const Uuid small = books.Bill(50'00);
  ASSERT_TRUE(books.UseCredit().ok());
  EXPECT_EQ(books.State(small), InvoiceState::kPaid);
  ASSERT_TRUE(books.Reverse(425'00, allocation, "payment").ok());
  EXPECT_EQ(books.State(small), InvoiceState::kOpen);
  EXPECT_THAT(books.entries(), ElementsAre(45'00, 6'00, -6'00, -45'00));
}

TEST(AccountBookTest, ABounceReversesWhatACreditNoteLeftOfTheFeeAndTheNextPaymentEarnsThat) {
  Books books;
  const Uuid invoice = books.Bill(375'00);
  const Allocation allocation = books.Pay(375'00, "first");
  books.Credit(invoice, Amount(100'00));
  EXPECT_EQ(books.credit(), 100'00);
  ASSERT_TRUE(books.Reverse(375'00, allocation, "first").ok());
  ASSERT_TRUE(books.UseCredit().ok());
  EXPECT_EQ(books.Due(invoice), 275'00);
  books.Pay(275'00, "second");
  EXPECT_THAT(books.entries(), ElementsAre(45'00, -12'00, -33'00, 33'00));
}

TEST(AccountBookTest, ARefundWhoseMoneyBouncesIsOwedUntilOtherMoneyMakesItUp) {
  Books books;
  const Uuid invoice = books.Bill(375'00);
  const Allocation allocation = books.Pay(400'00, "payment");
  ASSERT_TRUE(books.Refund(25'00).ok());
  ASSERT_TRUE(books.Reverse(400'00, allocation, "payment").ok());
  EXPECT_EQ(books.State(invoice), InvoiceState::kOpen);
  EXPECT_EQ(books.Due(invoice), 375'00);
  EXPECT_EQ(books.credit(), -25'00);
  EXPECT_EQ(books.Balance(LedgerAccount::kRefundRecoverable), 25'00);
  EXPECT_EQ(books.Balance(LedgerAccount::kCustomerCredit), 0);
  EXPECT_EQ(DetailsOf(books.Refund(1)).reason, "REFUND_EXCEEDS_CREDIT");
  books.Pay(410'00, "again");
  EXPECT_EQ(books.State(invoice), InvoiceState::kPaid);
  EXPECT_EQ(books.credit(), 10'00);
  EXPECT_EQ(books.Balance(LedgerAccount::kRefundRecoverable), 0);
  EXPECT_EQ(books.Balance(LedgerAccount::kCustomerCredit), -10'00);
  EXPECT_THAT(books.entries(), ElementsAre(45'00, -45'00, 45'00));
}

TEST(AccountBookTest, CreditThatIsLeftIsTakenBeforeARefundIsOwed) {
  Books books;
  const Allocation allocation = books.Pay(100'00, "payment");
  books.Pay(30'00, "other");
  ASSERT_TRUE(books.Refund(60'00).ok());
  ASSERT_TRUE(books.Reverse(100'00, allocation, "payment").ok());
  EXPECT_EQ(books.credit(), -30'00);
  EXPECT_EQ(books.Balance(LedgerAccount::kRefundRecoverable), 30'00);
}

}  // namespace
}  // namespace countersign::billing
