#include "billing-service/src/store/figure_store.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "billing-service/src/domain/billing_account.h"
#include "billing-service/src/domain/charge.h"
#include "billing-service/src/domain/invoice.h"
#include "billing-service/src/domain/notice.h"
#include "billing-service/src/domain/parked_activation.h"
#include "billing-service/src/domain/subscription.h"
#include "common/base/date.h"
#include "common/base/status_macros.h"
#include "common/events/all_buckets.h"
#include "common/mysql/connection.h"

namespace countersign::billing {
namespace {

// An account is parked by a run that found its subscription due, so it is among those that are.
constexpr absl::string_view kCountParkedAccounts =
    "SELECT COUNT(DISTINCT s.account_id) FROM subscriptions s JOIN billing_accounts a ON a.account_id = s.account_id "
    "WHERE s.bucket IN (@) AND s.bill_date <= ? AND a.state = ?";

// The table has a row for each activation that was ever parked, which are few.
constexpr absl::string_view kCountParkedActivations = "SELECT COUNT(*) FROM parked_activations WHERE state = ?";

constexpr absl::string_view kCountUnknownCharges =
    "SELECT COUNT(*), MIN(create_time) FROM charges WHERE bucket IN (@) AND state = ?";

// Sums of whole months, of every account of the ledger: debits are credits, or the ledger is broken.
constexpr absl::string_view kLedgerDifference =
    "SELECT currency, CAST(SUM(debit_micros - credit_micros) AS SIGNED) FROM posted_sums "
    "WHERE bucket IN (@) AND span = 'MONTH' GROUP BY currency";

// Few are parked, and found by their index.
constexpr absl::string_view kCountParkedRenewals =
    "SELECT COUNT(*) FROM subscriptions WHERE bucket IN (@) AND renewal_source = ? AND state NOT IN (?, ?)";

// Of the rung that is to be climbed, or was last, while its invoice is open: the ladder waits.
constexpr absl::string_view kCountBouncedNotices =
    "SELECT COUNT(*) FROM notices n JOIN invoices i ON i.account_id = n.account_id AND i.invoice_id = n.invoice_id "
    "LEFT JOIN dunnings d ON d.account_id = n.account_id AND d.invoice_id = n.invoice_id "
    "WHERE i.bucket IN (@) AND n.state = ? AND n.kind = ? AND i.state = ? AND n.dunning_rung >= COALESCE(d.rung, 0)";

// Of changes that lie ahead: the customer may still be told. A change comes at most 14 days and a month after its
// notice.
constexpr absl::string_view kCountBouncedPartnerChanges =
    "SELECT COUNT(*) FROM notices n JOIN subscriptions s ON s.account_id = n.account_id "
    "AND s.subscription_id = n.subscription_id WHERE s.bucket IN (@) AND n.state = ? AND n.create_time >= ? "
    "AND n.kind = ? AND EXISTS (SELECT 1 FROM partner_assignments p WHERE p.account_id = s.account_id "
    "AND p.subscription_id = s.subscription_id AND p.end_date > ?)";
constexpr absl::Duration kLongestPartnerNotice = absl::Hours(24 * 50);

double CountIn(const std::optional<mysql::Row>& row) { return row.has_value() ? static_cast<double>(row->Int(0)) : 0; }

}  // namespace

absl::StatusOr<std::vector<metrics::Figure>> FigureStore::Read(absl::Time deadline, absl::Time now) const {
  static const std::string parked_accounts = events::InAllBuckets(kCountParkedAccounts);
  static const std::string unknown_charges = events::InAllBuckets(kCountUnknownCharges);
  static const std::string parked_renewals = events::InAllBuckets(kCountParkedRenewals);
  static const std::string bounced_notices = events::InAllBuckets(kCountBouncedNotices);
  static const std::string bounced_partner_changes = events::InAllBuckets(kCountBouncedPartnerChanges);
  static const std::string ledger_difference = events::InAllBuckets(kLedgerDifference);
  std::vector<metrics::Figure> figures;
  const auto read = [&](mysql::Reader& reader) -> absl::Status {
    figures.clear();
    ASSIGN_OR_RETURN(
        const auto accounts,
        reader.QueryOne(parked_accounts, events::AllBuckets({DateOf(now), NameOf(BillingAccountState::kParked)})));
    figures.push_back({.name = "countersign_billing_accounts_parked",
                       .help = "Billing accounts with something due that wait for an operator.",
                       .value = CountIn(accounts)});
    ASSIGN_OR_RETURN(const auto activations,
                     reader.QueryOne(kCountParkedActivations, {NameOf(ParkedActivationState::kParked)}));
    figures.push_back({.name = "countersign_activations_parked",
                       .help = "Confirmed orders that wait for an operator before they are billed.",
                       .value = CountIn(activations)});
    ASSIGN_OR_RETURN(const auto charges,
                     reader.QueryOne(unknown_charges, events::AllBuckets({NameOf(ChargeState::kUnknown)})));
    const absl::Time oldest = charges.has_value() ? charges->OptionalTime(1).value_or(now) : now;
    figures.push_back({.name = "countersign_charges_unknown",
                       .help = "Charges of which the payment processor has not said what became of them.",
                       .value = CountIn(charges)});
    figures.push_back({.name = "countersign_charges_unknown_oldest_seconds",
                       .help = "Age of the oldest of them; 0: none.",
                       .value = absl::ToDoubleSeconds(std::max(absl::ZeroDuration(), now - oldest))});
    ASSIGN_OR_RETURN(const auto renewals,
                     reader.QueryOne(parked_renewals, events::AllBuckets({NameOf(RenewalSource::kParked),
                                                                          NameOf(SubscriptionState::kCancelled),
                                                                          NameOf(SubscriptionState::kExpired)})));
    figures.push_back({.name = "countersign_renewals_parked",
                       .help = "Subscriptions whose next term has no price in their currency.",
                       .value = CountIn(renewals)});
    ASSIGN_OR_RETURN(const auto bounced,
                     reader.QueryOne(bounced_notices,
                                     events::AllBuckets({NameOf(NoticeState::kBounced), NameOf(NoticeKind::kDunning),
                                                         NameOf(InvoiceState::kOpen)})));
    figures.push_back({.name = "countersign_dunning_notices_bounced",
                       .help = "Dunning notices that came back and hold the ladder of an open invoice.",
                       .value = CountIn(bounced)});
    ASSIGN_OR_RETURN(const auto untold,
                     reader.QueryOne(bounced_partner_changes,
                                     events::AllBuckets({NameOf(NoticeState::kBounced), now - kLongestPartnerNotice,
                                                         NameOf(NoticeKind::kPartnerChange), DateOf(now)})));
    figures.push_back({.name = "countersign_partner_change_notices_bounced",
                       .help = "Notices of a partner that leaves which came back, before it does.",
                       .value = CountIn(untold)});
    ASSIGN_OR_RETURN(const auto differences, reader.Query(ledger_difference, events::AllBuckets()));
    int64_t difference = 0;
    for (const mysql::Row& row : differences) difference += std::abs(row.Int(1));
    figures.push_back(
        {.name = "countersign_ledger_difference_micros",
         .help = "Debits less credits of all that is posted, added up over currencies; 0 while all is well.",
         .value = static_cast<double>(difference)});
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(database_.Read(deadline, read));
  return figures;
}

}  // namespace countersign::billing
