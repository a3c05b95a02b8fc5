// Activation: a confirmed order becomes subscriptions and their first invoice.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_ACTIVATION_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_ACTIVATION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/billing_account.h"
#include "billing-service/src/domain/invoice.h"
#include "billing-service/src/domain/ledger.h"
#include "billing-service/src/domain/subscription.h"
#include "common/base/date.h"
#include "common/base/uuid.h"

namespace countersign::billing {

// An order that its customer confirmed, as order-service describes it.
struct ConfirmedOrder {
  Uuid account;
  OrderReference order;
  int64_t revision = 0;
  Uuid partner_of_record;
  std::string currency;
  std::vector<SubscriptionTerms> lines;  // Each starts a subscription.
  Date start;                            // Fixed at the confirmation; every date derives from it.
  absl::Time confirm_time;
  LegalCustomer customer;
  std::string purchase_order_number;
};

// The record of an activation: enough to answer the same call again.
struct Activation {
  Uuid account;
  OrderReference order;
  int64_t revision = 0;
  int64_t line_count = 0;
  int64_t first_invoice_sequence = 0;
  int64_t invoice_count = 0;  // 0 when the start is still to come.
  absl::Time create_time;
};

// Everything that an activation writes.
struct ActivationResult {
  Activation activation;
  BillingAccount account;              // Version + 1; new when its version is 1.
  std::vector<Subscription> started;   // One per line.
  std::vector<Subscription> rebilled;  // Others of the account that had lines due, version + 1.
  std::vector<Invoice> invoices;       // OPEN.
  std::vector<LedgerTransaction> postings;
};

// The id of the subscription that the order's line (from 1) starts.
Uuid SubscriptionId(const OrderReference& order, int64_t revision, int64_t line);

// Starts the order's subscriptions and bills the account on the day of the confirmation: they are ACTIVE and invoiced,
// or PENDING without an invoice when their first day is still to come. `account` is the account as stored, nullopt for
// a new one, which takes `number` and the order's customer; an existing account keeps its own. `due` are its other
// subscriptions with lines due on that day. Errors: CURRENCY_MISMATCH; those of NewSubscription and Bill.
absl::StatusOr<ActivationResult> Activate(const std::optional<BillingAccount>& account, absl::string_view number,
                                          const ConfirmedOrder& order, std::vector<Subscription> due, absl::Time now);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_ACTIVATION_H_
