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
#include "link-service/src/web/language.h"
#include "link-service/src/web/order_forms.h"
#include "link-service/src/web/vendor.h"

namespace countersign::link::web {

// The pages for a matching token. Comments say when each is shown, and what the customer can do.
enum class OrderPageState {
  kReview,           // Waiting for the customer: confirm or decline. With errors: "some details need fixing".
  kChecked,          // Enter was pressed in a field and every detail is good: nothing is ordered yet.
  kReviewChanged,    // The form named another revision or content: the order is shown again, nothing was confirmed.
  kCodeMailed,       // A one-time code is on its way to the billing contact.
  kCodeNotMailed,    // It could not be mailed, or too many were today.
  kReceived,         // Confirm was pressed, but it is not known what order-service did; pressing again is safe.
  kDeclineReceived,  // The same for Decline.
  kConfirmed,        // Confirmed and being set up.
  kCompleted,        // Set up; invoices are listed.
  kDeclined,
  kExpired,     // The customer can ask for a new link.
  kSuperseded,  // The order was revised; the partner has the new link.
  kRevoked,  // The order was withdrawn: by its partner, or because the partner may not sell at present. Not said which.
  kCancelled,    // The order was cancelled before or after confirmation.
  kNotPossible,  // Order-service refuses the press for a reason that this page does not know; the link stays open.
};

struct OrderLineView {
  std::string offer_name;
  std::string description = {};  // One sentence; may be empty.
  int64_t seats = 0;
  Money unit_price;            // Per seat and month.
  Money amount = {};           // As it will be invoiced for a full billing period.
  bool priced_later = false;   // The price is not known before the renewal; the two above are not shown.
  std::string promotion = {};  // What its promotion promises; may be empty.
  std::string change = {};     // "Seats 25 → 30", of a change of a subscription.
};

struct TotalView {
  std::string label;  // "Each month"
  Money amount;
  int period_months = 1;  // 1 or 12.
};

// A binding sentence: "Start", "The day you confirm; each month runs from that day".
struct TermView {
  std::string label;
  std::string text;
};

// The order's price and dates if it were confirmed today. Review states only.
struct PriceBoxView {
  bool has_term = true;          // Commitment and first invoice are known; else only the last two dates are shown.
  std::string commitment_label;  // "12 × $375.00"
  Money commitment;
  Money first_invoice;
  Date first_invoice_date;
  Date due_date;
  Date free_until;  // Last day of cancelling free of charge.
  Date renew_date;
  Date term_start = {};                  // With has_term.
  std::optional<Money> list_total = {};  // Per billing period after a promotion, by the prices of now. None: the same.
};

struct InvoiceLineView {
  std::string description;
  Date from;  // The first and the last day of service.
  Date until;
  Money net;
};

struct InvoiceView {
  std::string number;
  std::string state;  // As the customer reads it: "To pay", "Paid", "Overdue".
  Money amount;       // With tax.
  Date due_date;
  Money due = {};  // Still to be paid.
  Money net = {};
  Money tax = {};
  std::vector<InvoiceLineView> lines = {};
};

// The amount to pay now, and where to pay it.
struct PaymentView {
  Money amount;
  Date by = {};            // The earliest due date.
  std::string payee = {};  // This and the next three are empty where billing-service does not say.
  std::string bank_name = {};
  std::string bank_account = {};
  std::string bank_code = {};                // May be empty.
  std::vector<std::string> references = {};  // The invoices' numbers, the oldest first.
};

// A subscription of the order, on the receipt.
struct ServiceView {
  std::string offer_title;
  int64_t seats = 0;
  enum class Fate { kRenews, kEnds, kEnded } fate = Fate::kRenews;
  Date date;                                  // Of the renewal or the end.
  std::optional<Date> new_partner_date = {};  // From when on another partner is to be of record, where one is.
};

// An act that the customer has done on the receipt.
struct DoneActView {
  bool cancelled = false;  // Else: switched the renewal off.
  absl::Time time;
  enum class Stands { kReceived, kDone, kRefused } stands = Stands::kReceived;
  std::optional<Money> credited;  // With tax; none: nothing was.
  std::string other = {};         // The message that says what else it was; empty: one of those above.
};

// A press that came after another one had decided the order.
enum class LostPress { kNone, kConfirm, kDecline };

struct OrderPageView {
  OrderPageState state = OrderPageState::kReview;

  const Language* language = &English();  // Of the page, and of every text below that is not somebody's own.
  Vendor vendor;
  std::string partner_name;
  std::string partner_contact;              // The partner's e-mail address. Empty: not shown.
  std::vector<std::string> partner_learns;  // What the partner will see of this order, one short phrase each.
  std::vector<std::string> partner_never_learns;
  std::string order_number;
  std::string kind;                // "New subscription"
  std::string customer_note = {};  // What the partner wrote to the customer; may be empty.
  std::string customer_name;       // As the partner addressed the order.

  std::vector<OrderLineView> lines;
  std::string amount_heading = "Each month";  // The billing period of the lines' amounts.
  std::vector<TotalView> totals;
  PriceBoxView box;
  std::vector<TermView> terms;  // Every sentence that binds, but the two beside the button:
  std::string acceptance;       // "On behalf of … I accept …"
  std::string obligation;       // "By pressing Confirm order …"
  absl::Time expire_time;       // Until when the order may be confirmed …
  int days_left = 0;            // … and how many whole days that is.

  std::string agreement_title;    // "Services Agreement"
  std::string agreement_version;  // "2009-05"
  std::string agreement_text;     // Paragraphs separated by an empty line.

  // Review states only.
  FormParts asks;             // What the form asks for.
  bool shows_payer = false;   // Instead of asking, it says which account pays:
  std::string bill_to;        // the company; empty: billing-service did not say …
  std::string bill_to_email;  // … and "a•••@c•••".
  // `errors` also holds those of the decline form (field "reason").
  ConfirmFormText form;
  bool form_kept = false;  // The form is what the customer typed, and not merely what the order says.
  std::string decline_reason;
  std::vector<FormError> errors;
  std::vector<std::string> changes;  // kReviewChanged: "BPOS Standard Suite: seats 25 → 30". May be empty.
  bool changes_partner = false;      // Another partner of record: no lines, no price, no invoice.
  bool needs_code = false;           // Confirm order also needs a one-time code.
  std::string code_sent_to;          // "a•••@c•••": where it was mailed; empty: not yet.
  bool too_many_codes = false;       // kCodeNotMailed: because of the day's limit.
  int64_t revision = 0;
  std::string content_hash;
  std::string form_id;  // A UUID that only this showing of the page has, or a press on it again.

  LostPress lost = LostPress::kNone;

  // kExpired only.
  bool may_ask_for_new_link = false;  // The page offers it …
  bool new_link_asked = false;        // … unless the partner was told today.

  // From kConfirmed on. The link's own page says where the receipt is, and shows nothing of it: whoever holds the link
  // may open it. The receipt shows all.
  bool is_receipt = false;
  std::string written_to;         // "a•••@c•••": where the vendor wrote. Empty: it did not, or not known.
  std::vector<TermView> entered;  // What the customer entered. Receipt only.
  bool order_unknown = false;     // Order-service did not say how far the order is.
  bool invoices_unknown = false;  // Billing-service did not say which invoices there are.
  std::optional<absl::Time> confirm_time;
  std::string purchase_order_number;       // Empty: not shown.
  std::optional<Date> start_date;          // First day of service.
  bool starts_later = false;               // That day is still to come.
  std::optional<Date> free_cancel_date;    // Last day of cancelling free of charge.
  std::optional<Date> first_invoice_date;  // nullopt: unknown.
  Date first_invoice_due;
  std::vector<InvoiceView> invoices;  // The newest first.
  std::optional<PaymentView> to_pay;  // None: nothing is.
  std::string printed_url = {};       // On paper: where its address is mailed again. It is no secret. Empty: not said.
  absl::Time shown_time;              // On paper.
  // kCompleted on the receipt.
  std::vector<ServiceView> services;
  bool services_unknown = false;  // Billing-service did not say how they run.
  std::vector<DoneActView> acts;
};

// The page for a link whose token matched. The HTTP status is the caller's (422 with errors, else 200).
std::string RenderOrderPage(const OrderPageView& view);

// The whole text of an agreement, to read or print, at kAgreementPath and its version.
inline constexpr absl::string_view kAgreementPath = "/agreements/";
struct AgreementView {
  std::string title;
  std::string version;
  std::string text;  // Paragraphs separated by an empty line.
};
std::string RenderAgreement(const Vendor& vendor, const AgreementView& agreement, const Language& language = English());

}  // namespace countersign::link::web

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_PAGE_H_
