// Activation: a confirmed order becomes subscriptions and their first invoice, or changes a subscription.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_ACTIVATION_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_ACTIVATION_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/billing_account.h"
#include "billing-service/src/domain/buyer.h"
#include "billing-service/src/domain/invoice.h"
#include "billing-service/src/domain/ledger.h"
#include "billing-service/src/domain/order_label.h"
#include "billing-service/src/domain/subscription.h"
#include "billing-service/src/domain/transfer_code.h"
#include "common/base/date.h"
#include "common/base/money.h"
#include "common/base/named.h"
#include "common/base/uuid.h"

namespace countersign::billing {

enum class OrderKind { kNew, kChangeSeats, kRenew, kChangePartner };

inline constexpr Named<OrderKind> kOrderKinds[] = {
    {OrderKind::kNew, "NEW"},
    {OrderKind::kChangeSeats, "CHANGE_SEATS"},
    {OrderKind::kRenew, "RENEW"},
    {OrderKind::kChangePartner, "CHANGE_PARTNER"},
};
inline absl::string_view NameOf(OrderKind kind) { return NameIn(kOrderKinds, kind); }

// A change of a running subscription, by an order of a kind other than NEW.
struct SubscriptionChange {
  Uuid subscription;
  std::string offer;             // Empty, or the subscription's own.
  int64_t seats_to_add = 0;      // CHANGE_SEATS, or 0.
  int64_t renewal_quantity = 0;  // CHANGE_SEATS or RENEW, or 0.
  Money unit_price = {};         // With seats_to_add, and of RENEW.
  PriceOrigin origin = {};
  Uuid transfer_code = {};  // CHANGE_PARTNER.
};

// The person who pressed Confirm. Personal data.
struct Confirmer {
  std::string name;
  std::string role;  // May be empty.
  std::string email;
};

// An order that its customer confirmed, as order-service describes it.
struct ConfirmedOrder {
  Uuid account;
  OrderReference order;
  int64_t revision = 0;
  Uuid partner_of_record;
  std::string currency;
  std::vector<SubscriptionTerms> lines;  // NEW: each starts a subscription.
  Date start;                            // Fixed at the confirmation; every date of service derives from it.
  absl::Time confirm_time;
  LegalCustomer customer;
  std::string purchase_order_number;
  std::string tax_id = {};    // Of the company, not validated; may be empty.
  std::string language = {};  // BCP 47, in which the customer confirmed; may be empty.
  OrderKind kind = OrderKind::kNew;
  SubscriptionChange change = {};  // Of the other kinds.
  std::optional<Confirmer> confirmer = {};
  OrderLabel label = {};
  bool confirmed = true;  // False: it may still get a purchase-order number, from its customer.
};

enum class ActivationOutcome { kActivated, kAbandoned };

inline constexpr Named<ActivationOutcome> kActivationOutcomes[] = {
    {ActivationOutcome::kActivated, "ACTIVATED"},
    {ActivationOutcome::kAbandoned, "ABANDONED"},
};
inline absl::string_view NameOf(ActivationOutcome outcome) { return NameIn(kActivationOutcomes, outcome); }

// The record of an activation: enough to answer the same call again. Written once, so that an order is activated or
// abandoned once.
struct Activation {
  Uuid account;
  OrderReference order;
  int64_t revision = 0;
  int64_t line_count = 0;
  int64_t first_invoice_sequence = 0;
  int64_t invoice_count = 0;  // 0 when the start is still to come.
  absl::Time create_time;
  OrderKind kind = OrderKind::kNew;
  std::optional<Uuid> subscription = {};  // That a kind other than NEW changed.
  ActivationOutcome outcome = ActivationOutcome::kActivated;
};

// The state before an activation.
struct BeforeActivation {
  std::optional<BillingAccount> account = {};  // None: a new one, which takes `number` and the order's customer.
  std::string number = {};
  std::shared_ptr<const TaxCalculator> tax = nullptr;  // Of the new one.
  FeeSchedules fee_schedules = nullptr;                // Of the new one.
  std::vector<Subscription> due = {};                  // The account's others with lines due on the day.
  std::optional<Subscription> target = {};             // That a kind other than NEW changes.
  std::optional<TransferCode> transfer_code = {};      // That a CHANGE_PARTNER names.
  std::vector<PastBuyer> past_buyers = {};             // Of the account, where it takes either.
};

// True where the account has no tax id and takes that of the order.
bool TakesTaxId(const BillingAccount& account, const ConfirmedOrder& order);

// True where the account takes the order's language: it has none, or its billing contact confirmed the order.
bool TakesLanguage(const BillingAccount& account, const ConfirmedOrder& order);

// Everything that an activation writes.
struct ActivationResult {
  Activation activation;
  BillingAccount account;              // Version + 1; new when its version is 1.
  std::vector<Subscription> started;   // NEW: one per line.
  std::vector<Subscription> changed;   // Other kinds: the one, version + 1.
  int64_t tranches_before = 0;         // How many it had.
  std::vector<Subscription> rebilled;  // Others of the account that had lines due, version + 1.
  std::vector<Invoice> invoices;       // OPEN.
  std::vector<LedgerTransaction> postings;
  std::optional<Confirmer> confirmer;
  std::optional<OrderLabel> label;            // Of an order by which its partner becomes one of record.
  std::optional<TransferCode> transfer_code;  // Used up, version + 1.
  std::optional<PastBuyer> past_buyer;        // That the account's invoices so far go on naming.
  PurchaseOrderRules purchase_order_rules;    // Of the account as it was; of a new one none.
  bool purchase_order_missing = false;        // They require a number, and neither order nor subscription has one.
};

// The id of the subscription that the order's line (from 1) starts.
Uuid SubscriptionId(const OrderReference& order, int64_t revision, int64_t line);

inline constexpr int kMaxDaysLate = 3;

// OK when the order is activated at most kMaxDaysLate days after its start; a RENEW or CHANGE_PARTNER is never late
// (for the renewal that a RENEW is meant for, see RENEWAL_PASSED). Error: FAILED_PRECONDITION ACTIVATION_LATE.
absl::Status CheckNotLate(const ConfirmedOrder& order, Date today);

// Does what the order asks and bills the account on the business day `now`. NEW: its subscriptions are ACTIVE and
// invoiced, or PENDING without an invoice when their first day is still to come. An account that is there keeps its own
// number and customer. A purchase-order number becomes that of the new subscriptions, of the seats that are added, or
// of all seats from the renewal on. Errors: CURRENCY_MISMATCH; PO_REQUIRED (the account requires a purchase-order
// number, and there is none); BILLING_ACCOUNT_NOT_FOUND (a kind other than NEW without an account, or a NEW that does
// not say who pays); RENEWAL_PASSED (a RENEW or a number of seats at renewal was confirmed before the term that runs
// now began: the renewal that it was meant for has passed); INVALID_ARGUMENT lines[0].offer (not the subscription's);
// those of NewSubscription, AddSeats, ChangePartner, Use (a transfer code), CheckPartnerOfRecord and Bill.
absl::StatusOr<ActivationResult> Activate(BeforeActivation before, const ConfirmedOrder& order, absl::Time now);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_ACTIVATION_H_
