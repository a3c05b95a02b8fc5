// Finds what falls due on an account and gathers it into invoices. The first invoice of a subscription and the billing
// run are one function, Bill.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_BILLING_RUN_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_BILLING_RUN_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "billing-service/src/domain/billing_account.h"
#include "billing-service/src/domain/invoice.h"
#include "billing-service/src/domain/subscription.h"
#include "common/base/date.h"
#include "common/base/money.h"

namespace countersign::billing {

// unit_price × quantity × months × days of `service` ÷ days of `billing_period`, rounded once to the minor unit; the
// quotient is 1 for a whole period. Error: OUT_OF_RANGE.
absl::StatusOr<Money> LineAmount(const Money& unit_price, int64_t quantity, int64_t months, const Period& service,
                                 const Period& billing_period);

// The day on which the tranche's next line falls due; nullopt when the current term is invoiced to its end. A whole
// period is due on its first day; days inside a period are due with the next invoice, or at once when billing is
// annual, the term ends with that period, or a suspended subscription came back inside it.
std::optional<Date> NextLineDue(const Subscription& subscription, const Tranche& tranche);

// When the billing run has to look at this subscription again: its first day served, the earliest NextLineDue of its
// tranches, or NextRenewalDate. nullopt when it has ended or waits for somebody.
std::optional<Date> NextBillDate(const Subscription& subscription);

// At most so many lines are invoiced at once, whatever was missed; calling Bill again goes on.
inline constexpr size_t kMaxLinesPerBill = 100;

// True where the account requires purchase-order numbers and seats of the subscription have none.
bool LacksPurchaseOrder(const BillingAccount& account, const Subscription& subscription);

struct Bills {
  BillingAccount account;                   // With the sequences taken.
  std::vector<Subscription> subscriptions;  // With billed_until moved on.
  std::vector<Invoice> invoices;            // OPEN, none for nothing due.
};

// Starts the PENDING subscriptions whose first day has come; then every line due for the account on or before `date`
// from its ACTIVE and PAST_DUE subscriptions, in the order given, by tranche, then by time; at the end of a term that
// has come it renews or expires, and a renewed one is billed on. The lines are gathered on one invoice issued on `date`
// (never before the account's last), and on another after each kMaxLinesPerInvoice lines; where the account has its
// invoices split, on one for each purchase-order number, in the order of their first lines. The first invoice of a
// subscription and the billing run are this one function. Calling it again with its result gives nothing, or what was
// beyond `max_lines`, at most kMaxLinesPerBill. Errors: INVALID_ARGUMENT (a price in another currency than the
// account's), OUT_OF_RANGE; FAILED_PRECONDITION FEE_SCHEDULE_MISSING, PO_REQUIRED (a line has no purchase-order number,
// and the account requires one).
absl::StatusOr<Bills> Bill(BillingAccount account, std::vector<Subscription> subscriptions, Date date,
                           size_t max_lines = kMaxLinesPerBill);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_BILLING_RUN_H_
