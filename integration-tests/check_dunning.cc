// Dunning: where an account stands, the rungs that led there, and what that did to its subscriptions.
#include "absl/strings/string_view.h"
#include "common/base/status_macros.h"
#include "integration-tests/checks.h"

namespace countersign::integration {
namespace {

// Another invoice may have eased the account since, never raised it.
constexpr absl::string_view kStandsOnNoRung =
    "SELECT HEX(d.account_id) FROM dunnings d WHERE d.state <> 'CLEAR' AND NOT EXISTS (SELECT 1 FROM dunning_rungs r "
    "WHERE r.account_id = d.account_id AND FIELD(r.state, 'REMINDED', 'PAST_DUE', 'SUSPENDED', 'CANCELLED') >= "
    "FIELD(d.state, 'REMINDED', 'PAST_DUE', 'SUSPENDED', 'CANCELLED'))";
constexpr absl::string_view kRungOfNoInvoice =
    "SELECT HEX(r.account_id) FROM dunning_rungs r LEFT JOIN invoices i ON i.account_id = r.account_id "
    "AND i.invoice_id = r.invoice_id WHERE i.due_date IS NULL OR r.rung_date <= i.due_date";
constexpr absl::string_view kSuspendedUnlikeItsAccount =
    "SELECT HEX(s.subscription_id) FROM subscriptions s LEFT JOIN dunnings d ON d.account_id = s.account_id WHERE "
    "(s.state = 'PAST_DUE' AND COALESCE(d.state, 'CLEAR') <> 'PAST_DUE') OR (s.state = 'SUSPENDED' AND "
    "FIND_IN_SET('OVERDUE', s.suspension_reasons) > 0 AND COALESCE(d.state, 'CLEAR') <> 'SUSPENDED') "
    "OR (s.state NOT IN ('CANCELLED', 'EXPIRED') AND d.state = 'CANCELLED' AND s.create_time < d.update_time)";

}  // namespace

absl::Status CheckDunning(mysql::Connection& billing, Sentences& broken) {
  RETURN_IF_ERROR(
      ExpectNone(billing, kStandsOnNoRung, "an account stands on a dunning rung that it never reached", broken));
  RETURN_IF_ERROR(ExpectNone(billing, kRungOfNoInvoice, "a dunning rung of no overdue invoice on account", broken));
  return ExpectNone(billing, kSuspendedUnlikeItsAccount, "a subscription is not where its account's dunning is",
                    broken);
}

}  // namespace countersign::integration
