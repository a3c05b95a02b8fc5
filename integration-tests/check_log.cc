// Invariants 6 and 7: the log is whole, tells of nothing that is not allowed, and the rows are what it tells.
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/events/event_log.h"
#include "integration-tests/checks.h"
#include "integration-tests/state_edges.h"

namespace countersign::integration {
namespace {

using mysql::Connection;
using mysql::Row;

// What order-service copies of a partner has the partner's versions, of which it may see only the last.
// A partner that was restated goes on at a multiple of 1,000,000.
constexpr absl::string_view kVersionGaps =
    "SELECT HEX(aggregate_id) FROM events WHERE type <> 'PARTNER_STATE_APPLIED' "
    "GROUP BY tenant_id, aggregate_id, version DIV 1000000 "
    "HAVING COUNT(*) <> MAX(version) - MIN(version) + 1 OR MIN(version) NOT IN (1, MIN(version) DIV 1000000 * 1000000)";
constexpr absl::string_view kBucketsInUse = "SELECT DISTINCT bucket FROM events";
constexpr absl::string_view kCursorsBeyondEnd =
    "SELECT CONCAT(c.consumer, ' in bucket ', c.bucket) FROM cursors c LEFT JOIN (SELECT bucket, MAX(position) AS "
    "position FROM events GROUP BY bucket) AS ends ON ends.bucket = c.bucket WHERE c.position > "
    "COALESCE(ends.position, 0)";
constexpr absl::string_view kHistory =
    "SELECT tenant_id, aggregate_id, version, type, payload, payload_type FROM events "
    "ORDER BY tenant_id, aggregate_id, version";

// A table whose rows are versions of aggregates: tenant, aggregate, version, state ('' where it has none).
struct Versioned {
  absl::string_view service;
  absl::string_view noun;  // As in state_edges.h: every aggregate of it has a row. Empty where it has no states.
  absl::string_view table;
  absl::string_view rows;
};

constexpr Versioned kVersioned[] = {
    {"partner", "Partner", "partners", "SELECT partner_id, partner_id, version, state FROM partners"},
    {"partner", "", "customers", "SELECT partner_id, customer_id, version, '' FROM customers"},
    {"partner", "", "api_keys", "SELECT partner_id, api_key_id, version, '' FROM api_keys"},
    {"partner", "", "authorizations", "SELECT partner_id, authorization_id, version, '' FROM authorizations"},
    {"order", "Order", "orders", "SELECT partner_id, order_id, version, state FROM orders"},
    {"link", "Link", "links", "SELECT link_id, link_id, version, state FROM links"},
    {"billing", "", "billing_accounts", "SELECT account_id, account_id, version, '' FROM billing_accounts"},
    {"billing", "Subscription", "subscriptions",
     "SELECT account_id, subscription_id, version, state FROM subscriptions"},
    {"billing", "", "billing_runs", "SELECT run_id, run_id, version, '' FROM billing_runs"},
    {"billing", "ParkedActivation", "parked_activations",
     "SELECT account_id, parked_activation_id, version, state FROM parked_activations"},
    {"billing", "Invoice", "invoices", "SELECT account_id, invoice_id, version, state FROM invoices"},
    {"billing", "BankReceipt", "bank_receipts", "SELECT receipt_id, receipt_id, version, state FROM bank_receipts"},
    {"billing", "Payment", "payments", "SELECT account_id, payment_id, version, state FROM payments"},
    {"billing", "Charge", "charges", "SELECT account_id, charge_id, version, state FROM charges"},
    {"billing", "Statement", "statements", "SELECT partner_id, statement_id, version, state FROM statements"},
    {"billing", "Payout", "payouts", "SELECT partner_id, payout_id, version, state FROM payouts"},
    {"billing", "Notice", "notices", "SELECT account_id, notice_id, version, state FROM notices"},
    {"billing", "", "transfer_codes", "SELECT account_id, transfer_code_id, version, '' FROM transfer_codes"},
    {"billing", "PartnerRequest", "partner_requests",
     "SELECT account_id, partner_request_id, version, state FROM partner_requests"},
    {"billing", "FeeHold", "fee_holds", "SELECT partner_id, hold_id, version, state FROM fee_holds"},
    {"billing", "", "partner_states", "SELECT partner_id, partner_id, version, '' FROM partner_states"},
};

using Aggregate = std::pair<Uuid, Uuid>;  // Tenant and aggregate.

struct LastEvent {
  int64_t version = 0;
  StateOfEvent state;
};

// Checks the edges on the way.
absl::StatusOr<std::map<Aggregate, LastEvent>> ReadHistory(const std::string& service, Connection& connection,
                                                           Sentences& broken) {
  ASSIGN_OR_RETURN(const std::vector<Row> events, connection.Query(kHistory, {}));
  std::map<Aggregate, LastEvent> aggregates;
  for (const Row& event : events) {
    LastEvent& last = aggregates[{event.Id(0), event.Id(1)}];
    last.version = event.Int(2);
    const StateOfEvent next = StateAfter(event.Bytes(5), event.Bytes(4));
    if (next.noun.empty()) continue;
    const std::string& from = last.state.state;
    if (!IsEdge(next.noun, from, next.state)) {
      broken.push_back(absl::StrCat(service, ": ", event.Bytes(3), " took ", next.noun, " ", event.Id(1).ToString(),
                                    " from ", from.empty() ? "nothing" : from, " to ", next.state));
    }
    last.state = next;
  }
  return aggregates;
}

absl::Status CheckRows(const Versioned& table, Connection& connection, const std::map<Aggregate, LastEvent>& aggregates,
                       Sentences& broken) {
  ASSIGN_OR_RETURN(const std::vector<Row> rows, connection.Query(table.rows, {}));
  std::map<Aggregate, bool> present;
  for (const Row& row : rows) {
    const Aggregate id{row.Id(0), row.Id(1)};
    present[id] = true;
    const std::string name = absl::StrCat(table.service, ": row ", id.second.ToString(), " of ", table.table);
    const auto last = aggregates.find(id);
    if (last == aggregates.end()) {
      broken.push_back(name + " has no event");
      continue;
    }
    if (row.Int(2) != last->second.version) {
      broken.push_back(absl::StrCat(name, " has version ", row.Int(2), ", its last event ", last->second.version));
    }
    if (!table.noun.empty() && row.Bytes(3) != last->second.state.state) {
      broken.push_back(absl::StrCat(name, " is ", row.Bytes(3), ", its last event says ", last->second.state.state));
    }
  }
  for (const auto& [id, last] : aggregates) {
    if (table.noun.empty() || last.state.noun != table.noun || present.contains(id)) continue;
    broken.push_back(absl::StrCat(table.service, ": ", table.noun, " ", id.second.ToString(), " has no row"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckLog(const std::string& service, Connection& connection, Sentences& broken) {
  RETURN_IF_ERROR(ExpectNone(connection, kVersionGaps, service + ": versions with a gap", broken));
  RETURN_IF_ERROR(ExpectNone(connection, kCursorsBeyondEnd, service + ": the log was cut off before", broken));
  ASSIGN_OR_RETURN(const std::vector<Row> buckets, connection.Query(kBucketsInUse, {}));
  for (const Row& bucket : buckets) {
    const absl::Status verified = events::VerifyChain(connection, static_cast<int>(bucket.Int(0)));
    if (!verified.ok()) broken.push_back(absl::StrCat(service, ": ", verified.message()));
  }
  ASSIGN_OR_RETURN(const auto aggregates, ReadHistory(service, connection, broken));
  for (const Versioned& table : kVersioned) {
    if (table.service != service) continue;
    RETURN_IF_ERROR(CheckRows(table, connection, aggregates, broken));
  }
  return absl::OkStatus();
}

}  // namespace countersign::integration
