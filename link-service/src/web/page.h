// The customer's page: pure functions from plain views to HTML. Every value is escaped by the templates in
// link-service/web; nothing here decides anything about an order.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_PAGE_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_PAGE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/date.h"
#include "common/base/money.h"
#include "link-service/src/web/order_forms.h"

namespace countersign::link::web {

// What a matching token may be shown. Comments say when, and what the customer can do.
enum class OrderPageState {
  kReview,         // Waiting for the customer: confirm or decline. With errors: "some details need fixing".
  kReviewChanged,  // The form named another revision or content: the order is shown again, nothing was confirmed.
  kReceived,       // Pressed, but no answer in time: the form is kept, pressing again is safe.
  kConfirmed,      // Confirmed and being set up.
  kCompleted,      // Set up; invoices are listed.
  kDeclined,
  kExpired,     // The customer can ask for a new link.
  kSuperseded,  // The order was revised; the partner has the new link.
  kRevoked,  // The order was withdrawn: by its partner, or because the partner may not sell at present. Not said which.
  kCancelled,    // The order was cancelled before or after confirmation.
  kNotPossible,  // Order-service refuses the press for a reason that this page does not know; the link stays open.
};

struct OrderLineView {
  std::string offer_name;
  int64_t seats = 0;
  Money unit_price;  // Per seat and month.
  Money amount;      // As it will be invoiced for a full billing period.
};

struct TotalView {
  std::string label;  // "Total each month"
  Money amount;
};

struct InvoiceView {
  std::string number;
  std::string state;  // As the customer reads it: "Due", "Paid", "Overdue".
  Money amount;
  Date due_date;
};

struct OrderPageView {
  OrderPageState state = OrderPageState::kReview;

  std::string vendor_name;     // Whose services these are and who will invoice.
  std::string vendor_contact;  // How a customer reaches the vendor: an address or a number. Empty: not shown.
  std::string partner_name;
  std::string partner_contact;              // The partner's e-mail address. Empty: not shown.
  std::vector<std::string> partner_learns;  // What the partner will see of this order, one short phrase each.
  std::string order_number;
  std::string kind;           // "New subscription"
  std::string customer_name;  // As the partner addressed the order.

  std::vector<OrderLineView> lines;
  std::string amount_heading = "Each month";  // What the lines' amounts are for: a billing period.
  std::vector<TotalView> totals;
  std::string term_text;      // "12 months, billed monthly in advance, prices in USD, taxes not included"
  std::string start_text;     // "Starts the day you confirm; the first month is prorated from that day"
  absl::Time expire_time;     // Until when the order may be confirmed.
  std::string cancel_policy;  // "Free of charge during the first 7 days of the term". Empty: not shown.

  std::string agreement_title;    // "Services Agreement"
  std::string agreement_version;  // "2009-05"
  std::string agreement_text;     // Paragraphs separated by an empty line.

  // Review states only. `errors` also holds those of the decline form (field "reason").
  ConfirmFormText form;
  std::string decline_reason;
  std::vector<FormError> errors;
  int64_t revision = 0;
  std::string content_hash;

  // From kConfirmed on.
  absl::Time confirm_time;
  std::string purchase_order_number;     // Empty: not shown.
  std::optional<Date> start_date;        // First day of service.
  std::optional<Date> free_cancel_date;  // Last day of cancelling free of charge.
  std::vector<InvoiceView> invoices;
};

// The page for a link whose token matched. The HTTP status is the caller's (422 with errors, else 200).
std::string RenderOrderPage(const OrderPageView& view);

// What everybody else sees: the same bytes for a wrong secret, a link that never was and one that is forgotten.
std::string RenderUnknownLinkPage(absl::string_view vendor_name);

// Too many wrong links from one address.
std::string RenderRateLimitedPage(absl::string_view vendor_name);

// Anything that went wrong; `trace_id` finds the log line.
std::string RenderErrorPage(absl::string_view vendor_name, int status, absl::string_view trace_id);

}  // namespace countersign::link::web

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_PAGE_H_
