// Short ways to name amounts, dates and subscriptions in this directory's tests.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_TEST_TERMS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_TEST_TERMS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "billing-service/src/domain/billing_run.h"
#include "billing-service/src/domain/expect_explained.h"
#include "billing-service/src/domain/fee.h"
#include "billing-service/src/domain/fee_schedule.h"
#include "billing-service/src/domain/invoice.h"
#include "billing-service/src/domain/subscription.h"
#include "common/base/date.h"
#include "common/base/money.h"
#include "common/base/uuid.h"

namespace countersign::billing {

// Every test amount that is not named otherwise: "375.00" dollars are Usd(375'00).
inline Money Usd(int64_t cents) { return *Money::FromMicros(cents * 10'000, "USD"); }

inline Date Day(absl::string_view text) { return *ParseDate(text); }

inline Uuid IdOf(absl::string_view name) { return Uuid::Derived({"test", name}); }

// 12 % in a tranche's first year, 6 % later.
inline FeeSchedule StandardSchedule() {
  FeeSchedule schedule;
  schedule.effective_date = Day("2000-01-01");
  schedule.first_year_rate_basis_points = 1200;
  schedule.later_rate_basis_points = 600;
  return schedule;
}
inline FeeSchedules StandardSchedules() {
  return std::make_shared<const std::vector<FeeSchedule>>(1, StandardSchedule());
}

inline BillingAccount AccountIn(absl::string_view currency) {
  BillingAccount account;
  account.id = IdOf("account");
  account.number = AccountNumber(account.id, 0);
  account.currency = std::string(currency);
  account.fee_schedules = StandardSchedules();
  return account;
}

// ACTIVE, monthly, an annual term, partner A of record.
inline Subscription Seats(int64_t quantity, const Money& unit_price, absl::string_view start) {
  SubscriptionTerms terms;
  terms.offer = "offers/bpos-suite";
  terms.title = "BPOS Standard Suite";
  terms.quantity = quantity;
  terms.unit_price = unit_price;
  Subscription subscription = *NewSubscription(IdOf("subscription"), terms, Day(start), IdOf("A"));
  subscription.state = SubscriptionState::kActive;
  return subscription;
}

// The lines that fall due for the one subscription up to `date`, which counts as billed afterwards. Every invoice's
// explanation must add up.
inline std::vector<InvoiceLine> BillOn(Subscription& subscription, absl::string_view date) {
  Bills bills = *Bill(AccountIn(subscription.tranches.front().unit_price.currency()), {subscription}, Day(date));
  subscription = bills.subscriptions.front();
  std::vector<InvoiceLine> lines;
  for (Invoice& invoice : bills.invoices) {
    ExpectExplained(invoice);
    for (InvoiceLine& line : invoice.lines) lines.push_back(std::move(line));
  }
  return lines;
}

// The fee entries of the lines in cents, once paid in full.
inline std::vector<int64_t> FeesInCents(const std::vector<InvoiceLine>& lines) {
  std::vector<int64_t> fees;
  for (const InvoiceLine& line : lines) {
    const std::vector<Money> amounts = *FeeAmounts(line.net, line.fee_segments);
    for (const Money& fee : amounts) fees.push_back(fee.micros() / 10'000);
  }
  return fees;
}

inline std::vector<int64_t> NetsInCents(const std::vector<InvoiceLine>& lines) {
  std::vector<int64_t> nets;
  nets.reserve(lines.size());
  for (const InvoiceLine& line : lines) nets.push_back(line.net.micros() / 10'000);
  return nets;
}

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_TEST_TERMS_H_
