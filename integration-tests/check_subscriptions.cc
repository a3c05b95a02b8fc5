// Subscriptions: who is partner of record when, whose purchase orders the lines are of, and what a cancellation leaves
// on the invoices.
#include "absl/strings/string_view.h"
#include "common/base/status_macros.h"
#include "integration-tests/checks.h"

namespace countersign::integration {
namespace {

constexpr absl::string_view kPartnersOverlap =
    "SELECT HEX(a.subscription_id) FROM partner_assignments a JOIN partner_assignments b "
    "ON b.account_id = a.account_id AND b.subscription_id = a.subscription_id AND b.start_date > a.start_date "
    "WHERE a.end_date IS NULL OR a.end_date > b.start_date";
constexpr absl::string_view kPartnersBackwards =
    "SELECT HEX(subscription_id) FROM partner_assignments WHERE end_date < start_date";
constexpr absl::string_view kNeverAnyPartner =
    "SELECT HEX(s.subscription_id) FROM subscriptions s LEFT JOIN partner_assignments p "
    "ON p.account_id = s.account_id AND p.subscription_id = s.subscription_id WHERE p.subscription_id IS NULL";
constexpr absl::string_view kEndedWithoutDay =
    "SELECT HEX(subscription_id) FROM subscriptions WHERE (state IN ('CANCELLED', 'EXPIRED')) = (end_date IS NULL)";
// A period that begins after the cancellation, and was invoiced after it, is not owed.
constexpr absl::string_view kBilledAfterTheEnd =
    "SELECT i.invoice_number FROM subscriptions s JOIN invoice_lines l ON l.account_id = s.account_id "
    "AND l.subscription_id = s.subscription_id JOIN invoices i ON i.account_id = l.account_id "
    "AND i.invoice_id = l.invoice_id LEFT JOIN credit_note_lines c ON c.account_id = l.account_id "
    "AND c.invoice_id = l.invoice_id AND c.line = l.line WHERE s.state = 'CANCELLED' "
    "AND l.service_start_date >= s.end_date AND i.issue_date > s.end_date "
    "GROUP BY l.account_id, l.invoice_id, l.line, i.invoice_number, l.net_micros "
    "HAVING COALESCE(SUM(c.net_micros), 0) <> l.net_micros";
constexpr absl::string_view kDaysCreditedTwice =
    "SELECT i.invoice_number FROM credit_note_lines a JOIN credit_note_lines b ON b.account_id = a.account_id "
    "AND b.invoice_id = a.invoice_id AND b.line = a.line AND b.sequence > a.sequence JOIN invoices i "
    "ON i.account_id = a.account_id AND i.invoice_id = a.invoice_id "
    "WHERE a.credit_start_date < b.credit_end_date AND b.credit_start_date < a.credit_end_date";

// A code is used by the activation of a change of partner, and by one only; each uses one.
constexpr absl::string_view kCodeUsedByNothing =
    "SELECT HEX(c.subscription_id) FROM transfer_codes c LEFT JOIN activations a ON a.account_id = c.account_id "
    "AND a.order_id = c.order_id AND a.subscription_id = c.subscription_id AND a.kind = 'CHANGE_PARTNER' "
    "AND a.outcome = 'ACTIVATED' WHERE c.order_id IS NOT NULL AND a.order_id IS NULL";
constexpr absl::string_view kPartnerChangedWithoutCode =
    "SELECT HEX(a.subscription_id) FROM activations a LEFT JOIN transfer_codes c ON c.account_id = a.account_id "
    "AND c.order_id = a.order_id AND c.subscription_id = a.subscription_id "
    "WHERE a.kind = 'CHANGE_PARTNER' AND a.outcome = 'ACTIVATED' AND c.order_id IS NULL";

// A partner that accepted is of record from its day on, unless the customer refused it and another came.
constexpr absl::string_view kAcceptedWithoutPartner =
    "SELECT HEX(r.subscription_id) FROM partner_requests r LEFT JOIN partner_assignments a "
    "ON a.account_id = r.account_id AND a.subscription_id = r.subscription_id AND a.start_date = r.effective_date "
    "WHERE r.state = 'ACCEPTED' AND a.account_id IS NULL";
constexpr absl::string_view kTwoRequestsWait =
    "SELECT HEX(r.subscription_id) FROM partner_requests r JOIN partner_requests n ON n.account_id = r.account_id "
    "AND n.subscription_id = r.subscription_id AND n.number > r.number AND n.create_time < r.expire_time "
    "WHERE r.state = 'WAITING'";

// Codes wait for another billing contact only after a change that is on record.
constexpr absl::string_view kContactsWithoutHistory =
    "SELECT a.account_number FROM billing_accounts a LEFT JOIN billing_contacts c ON c.account_id = a.account_id "
    "AND a.codes_move_time = c.until_time + INTERVAL 7 DAY "
    "WHERE a.codes_move_time IS NOT NULL AND c.account_id IS NULL";

constexpr absl::string_view kLinesWithoutPurchaseOrder =
    "SELECT i.invoice_number FROM billing_accounts a JOIN invoices i ON i.account_id = a.account_id "
    "AND i.sequence >= a.po_required_sequence JOIN invoice_lines l ON l.account_id = i.account_id "
    "AND l.invoice_id = i.invoice_id WHERE a.po_required_sequence > 0 AND l.purchase_order_number = ''";
constexpr absl::string_view kInvoicesOfTwoPurchaseOrders =
    "SELECT i.invoice_number FROM billing_accounts a JOIN invoices i ON i.account_id = a.account_id "
    "AND i.sequence >= a.split_by_po_sequence JOIN invoice_lines l ON l.account_id = i.account_id "
    "AND l.invoice_id = i.invoice_id WHERE a.split_by_po_sequence > 0 "
    "AND l.purchase_order_number <> i.purchase_order_number";

}  // namespace

absl::Status CheckSubscriptions(mysql::Connection& billing, Sentences& broken) {
  RETURN_IF_ERROR(ExpectNone(billing, kPartnersOverlap, "two partners of record on one day of subscription", broken));
  RETURN_IF_ERROR(
      ExpectNone(billing, kPartnersBackwards, "a partner of record ends before its start on subscription", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kNeverAnyPartner, "there never was a partner of record of subscription", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kEndedWithoutDay, "the state and the last day disagree of subscription", broken));
  RETURN_IF_ERROR(
      ExpectNone(billing, kBilledAfterTheEnd, "a period after a cancellation is not credited on invoice", broken));
  RETURN_IF_ERROR(
      ExpectNone(billing, kContactsWithoutHistory, "the contact before is not on record of account", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kLinesWithoutPurchaseOrder,
                             "a line lacks the purchase-order number that its account requires on invoice", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kInvoicesOfTwoPurchaseOrders,
                             "lines of another purchase order than its own are on invoice", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kAcceptedWithoutPartner,
                             "no partner is of record from the day of an accepted request on subscription", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kTwoRequestsWait, "two requests wait for partners of subscription", broken));
  RETURN_IF_ERROR(
      ExpectNone(billing, kCodeUsedByNothing, "no change of partner used the transfer code of subscription", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kPartnerChangedWithoutCode,
                             "a change of partner used no transfer code of subscription", broken));
  return ExpectNone(billing, kDaysCreditedTwice, "days are credited twice on invoice", broken);
}

}  // namespace countersign::integration
