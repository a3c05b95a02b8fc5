// Invoices: what an account owes for the lines due on one day. An invoice never changes but for its state.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_INVOICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_INVOICE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/billing_account.h"
#include "billing-service/src/domain/fee.h"
#include "billing-service/src/domain/subscription.h"
#include "billing-service/src/domain/tax.h"
#include "common/base/date.h"
#include "common/base/money.h"
#include "common/base/named.h"
#include "common/base/uuid.h"

namespace countersign::billing {

enum class InvoiceState { kOpen, kPaid, kVoid, kUncollectible };

inline constexpr Named<InvoiceState> kInvoiceStates[] = {
    {InvoiceState::kOpen, "OPEN"},
    {InvoiceState::kPaid, "PAID"},
    {InvoiceState::kVoid, "VOID"},
    {InvoiceState::kUncollectible, "UNCOLLECTIBLE"},
};
inline absl::string_view NameOf(InvoiceState state) { return NameIn(kInvoiceStates, state); }

// OK for an edge of the state machine, else FAILED_PRECONDITION INVOICE_STATE.
absl::Status CheckTransition(InvoiceState from, InvoiceState to);

inline constexpr int kMaxLinesPerInvoice = 20;

// The origin of a line's unit price when the invoice opened. No amount is computed from it.
struct LinePrice {
  std::string price = {};                // "offers/{offer}/prices/{price}"; empty: not known.
  int64_t tier_min_quantity = 0;         // The least quantity of its tier; 0: not known.
  std::optional<Money> list_price = {};  // The price before the promotion; unset without one.
};

// Seats of one tranche over one service period. Everything that explains `net` is kept:
// unit_price × quantity × months × days served ÷ days of the billing period, rounded once.
struct InvoiceLine {
  int64_t number = 0;  // From 1 within the invoice.
  Uuid subscription;
  int64_t tranche = 0;
  std::string description;
  int64_t quantity = 0;
  Money unit_price;
  int64_t months = 0;     // Of the billing period.
  Period service;         // The days that the line pays for; within billing_period.
  Period billing_period;  // The whole period that `months` covers.
  LinePrice price = {};
  std::string purchase_order_number = {};  // Of the subscription then; may be empty.
  Money net;                               // Without tax.
  Money tax;                               // The line's part of the invoice's tax.
  int64_t tax_rate_ppm = 0;
  TaxTreatment tax_treatment = TaxTreatment::kUntaxed;
  std::vector<FeeSegment> fee_segments;  // Frozen here; empty without a partner of record.
};

// The part of an invoice line that one credit note takes.
struct CreditedLine {
  int64_t line = 0;  // From 1.
  Money net;
  Money tax;
  std::optional<Period> days;  // The service days that are credited; none: an amount of the whole line.
};

struct Invoice {
  Uuid id;
  Uuid account;
  int64_t sequence = 0;
  std::string number;
  InvoiceState state = InvoiceState::kOpen;
  Date issue_date;
  Date due_date;
  std::optional<OrderReference> order;  // Whose activation opened it; none for a later billing run.
  std::string purchase_order_number;    // The customer's own; may be empty.
  std::vector<InvoiceLine> lines;       // 1 to kMaxLinesPerInvoice.
  Money net;                            // Sum of the lines.
  Money tax;
  std::string tax_region;             // Whose tax it is; empty: the region has none.
  Money total;                        // net + tax.
  Money paid;                         // Of the total: by payments and account credit.
  Money credited;                     // Of the total: what credit notes closed while it was due.
  int64_t credit_note_count = 0;      // Of it, whether they closed something or became credit.
  std::vector<CreditedLine> credits;  // Of those credit notes, oldest first.
  std::optional<absl::Time> paid_time;
  bool credit_waits = false;  // Of a new one: the account had credit when it opened.
  int64_t version = 0;        // 0: not stored yet.
  absl::Time create_time;
};

// The amount still to be paid: total − credited − paid.
Money AmountDue(const Invoice& invoice);

// The invoice of that id; null: it is none of these.
const Invoice* FindInvoice(const std::vector<Invoice>& invoices, const Uuid& id);

// "BPOS Standard Suite, 25 seats, 2009-06-01 to 2009-06-30", of a line whose quantity and service are set.
std::string DescriptionOf(absl::string_view title, const InvoiceLine& line);

// The title in the line's description, which is in English.
std::string TitleOf(const InvoiceLine& line);

// "25 × 15.00 USD × 1 month = 375.00 USD"; with "× 20/30 days" where the line is prorated.
std::string Explain(const InvoiceLine& line);

// The entries that the lines' frozen segments will make once the invoice is paid, in order of line and segment; their
// amounts are still zero.
std::vector<FeeEntry> FrozenFees(const Invoice& invoice);

// The account's next invoice, OPEN, issued on `date` with these lines, which it numbers; takes the account's next
// sequence. Errors: INVALID_ARGUMENT (a price in another currency than the account's), OUT_OF_RANGE.
absl::StatusOr<Invoice> OpenInvoice(BillingAccount& account, std::vector<InvoiceLine> lines, Date date);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_INVOICE_H_
