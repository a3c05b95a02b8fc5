#include "integration-tests/checker.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "common/base/money.h"
#include "common/base/status_macros.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/events/event_log.h"
#include "integration-tests/state_edges.h"

namespace countersign::integration {
namespace {

using mysql::Connection;
using mysql::Row;
using Sentences = std::vector<std::string>;

constexpr absl::string_view kUnbalanced =
    "SELECT HEX(transaction_id), currency FROM ledger_entries GROUP BY tenant_id, transaction_id, currency "
    "HAVING SUM(debit_micros) <> SUM(credit_micros)";
constexpr absl::string_view kUnbalancedCurrencies =
    "SELECT currency FROM ledger_entries GROUP BY currency HAVING SUM(debit_micros) <> SUM(credit_micros)";
constexpr absl::string_view kTransactionsWithoutEntries =
    "SELECT HEX(t.transaction_id) FROM ledger_transactions t LEFT JOIN ledger_entries e ON e.tenant_id = t.tenant_id "
    "AND e.transaction_id = t.transaction_id WHERE e.transaction_id IS NULL";

constexpr absl::string_view kOrders =
    "SELECT order_id, partner_id, state, revision, link_id, subscriptions FROM orders";
constexpr absl::string_view kAcceptances = "SELECT order_id, revision, link_id FROM acceptances";
constexpr absl::string_view kConfirmedLinks = "SELECT link_id, order_id, revision FROM links WHERE state = 'CONFIRMED'";
constexpr absl::string_view kActivations = "SELECT order_id, revision, line_count FROM activations";
constexpr absl::string_view kInvoicedOrders =
    "SELECT order_id, invoice_number FROM invoices WHERE order_id IS NOT NULL";
constexpr absl::string_view kSubscriptions = "SELECT subscription_id, order_id FROM subscriptions";

// Every frozen segment with its invoice's state and the partner's entry, if any.
constexpr absl::string_view kSegments =
    "SELECT s.fee_id, i.invoice_number, i.state, s.partner_id, s.rate_basis_points, s.days, s.period_days, "
    "s.line_net_micros, s.currency, s.earned_micros FROM fee_segments s JOIN invoices i "
    "ON i.account_id = s.account_id AND i.invoice_id = s.invoice_id";
constexpr absl::string_view kFees =
    "SELECT fee_id, partner_id, rate_basis_points, days, period_days, line_net_micros, amount_micros FROM fees";
constexpr absl::string_view kLineSums =
    "SELECT i.invoice_number FROM invoices i JOIN invoice_lines l ON l.account_id = i.account_id AND "
    "l.invoice_id = i.invoice_id GROUP BY i.account_id, i.invoice_id, i.invoice_number, i.net_micros "
    "HAVING SUM(l.net_micros) <> i.net_micros";
constexpr absl::string_view kSequenceGaps =
    "SELECT HEX(account_id) FROM invoices GROUP BY account_id HAVING COUNT(*) <> MAX(sequence) OR MIN(sequence) <> 1";

constexpr absl::string_view kUnsealed = "SELECT COUNT(*) FROM events WHERE position IS NULL";
constexpr absl::string_view kHeads = "SELECT bucket, MAX(position) FROM events GROUP BY bucket";
constexpr absl::string_view kCursors = "SELECT consumer, bucket, position FROM cursors";
constexpr absl::string_view kWaiting = "SELECT COUNT(*) FROM held_deliveries WHERE parked = 0";
// What order-service copies of a partner has the partner's versions, of which it may see only the last.
constexpr absl::string_view kVersionGaps =
    "SELECT HEX(aggregate_id) FROM events WHERE type <> 'PARTNER_STATE_APPLIED' GROUP BY tenant_id, aggregate_id "
    "HAVING COUNT(*) <> MAX(version) OR MIN(version) <> 1";
constexpr absl::string_view kHistory =
    "SELECT aggregate_id, type, payload, payload_type FROM events ORDER BY tenant_id, aggregate_id, version";
constexpr absl::string_view kBrokenReplies =
    "SELECT method, request_id FROM stored_replies WHERE LENGTH(request_hash) <> 32 OR LENGTH(reply) > 70000";

// One sentence per row that the query finds.
absl::Status ExpectNone(Connection& connection, absl::string_view sql, absl::string_view sentence, Sentences& broken) {
  ASSIGN_OR_RETURN(const std::vector<Row> rows, connection.Query(sql, {}));
  for (const Row& row : rows) broken.push_back(absl::StrCat(sentence, ": ", row.Bytes(0)));
  return absl::OkStatus();
}

using OrderRevision = std::pair<Uuid, int64_t>;

struct OrderRow {
  std::string state;
  int64_t revision;
  Uuid link;
  std::set<std::string> subscriptions;
  bool confirmed() const { return state == "CONFIRMED" || state == "COMPLETED"; }
};

absl::StatusOr<std::map<Uuid, OrderRow>> ReadOrders(Connection& connection) {
  ASSIGN_OR_RETURN(const std::vector<Row> rows, connection.Query(kOrders, {}));
  std::map<Uuid, OrderRow> orders;
  for (const Row& row : rows) {
    orders[row.Id(0)] = {row.Bytes(2), row.Int(3), row.Id(4), absl::StrSplit(row.Bytes(5), ',', absl::SkipEmpty())};
  }
  return orders;
}

// Invariant 2, for orders, acceptances, links and activations.
absl::Status CheckConfirmations(const Schemas& schemas, const std::map<Uuid, OrderRow>& orders, Sentences& broken) {
  ASSIGN_OR_RETURN(const std::vector<Row> acceptances, schemas.order->Query(kAcceptances, {}));
  ASSIGN_OR_RETURN(const std::vector<Row> links, schemas.link->Query(kConfirmedLinks, {}));
  ASSIGN_OR_RETURN(const std::vector<Row> activations, schemas.billing->Query(kActivations, {}));
  std::map<OrderRevision, Uuid> accepted;
  for (const Row& row : acceptances) accepted[{row.Id(0), row.Int(1)}] = row.Id(2);
  std::map<OrderRevision, std::vector<Uuid>> linked;
  for (const Row& row : links) linked[{row.Id(1), row.Int(2)}].push_back(row.Id(0));
  std::map<OrderRevision, int> activated;
  for (const Row& row : activations) ++activated[{row.Id(0), row.Int(1)}];

  for (const auto& [id, order] : orders) {
    const OrderRevision key{id, order.revision};
    const std::string name = absl::StrCat("order ", id.ToString());
    const size_t links_of = linked.count(key) != 0 ? linked[key].size() : 0;
    const int activations_of = activated.count(key) != 0 ? activated[key] : 0;
    if (!order.confirmed()) {
      if (accepted.count(key) != 0) broken.push_back(name + " is not confirmed but has an acceptance");
      if (links_of != 0) broken.push_back(name + " is not confirmed but its link says so");
      if (activations_of != 0) broken.push_back(name + " is not confirmed but was activated");
      continue;
    }
    if (accepted.count(key) == 0 || accepted[key] != order.link) broken.push_back(name + " has not its acceptance");
    if (links_of != 1 || linked[key][0] != order.link) broken.push_back(name + " is not confirmed by exactly its link");
    if (order.state == "COMPLETED" && activations_of != 1) broken.push_back(name + " was not activated exactly once");
  }
  for (const auto& [key, count] : activated) {
    if (orders.count(key.first) == 0) broken.push_back("an activation of an unknown order " + key.first.ToString());
  }
  return absl::OkStatus();
}

// Invariant 3.
absl::Status CheckBilledOrders(const Schemas& schemas, const std::map<Uuid, OrderRow>& orders, Sentences& broken) {
  ASSIGN_OR_RETURN(const std::vector<Row> invoices, schemas.billing->Query(kInvoicedOrders, {}));
  for (const Row& row : invoices) {
    const auto order = orders.find(row.Id(0));
    if (order == orders.end() || !order->second.confirmed()) {
      broken.push_back(absl::StrCat("invoice ", row.Bytes(1), " has no confirmed order"));
    }
  }
  ASSIGN_OR_RETURN(const std::vector<Row> subscriptions, schemas.billing->Query(kSubscriptions, {}));
  std::map<Uuid, std::set<std::string>> running;
  for (const Row& row : subscriptions) running[row.Id(1)].insert(row.Id(0).ToString());
  for (const auto& [id, order] : orders) {
    if (order.state == "COMPLETED" && (order.subscriptions.empty() || running[id] != order.subscriptions)) {
      broken.push_back(absl::StrCat("order ", id.ToString(), " is completed without its subscriptions"));
    }
  }
  return absl::OkStatus();
}

// Invariant 4. The amount is computed here anew from the frozen line: net × rate × days ÷ days of the period.
absl::Status CheckFees(Connection& billing, Sentences& broken) {
  ASSIGN_OR_RETURN(const std::vector<Row> fee_rows, billing.Query(kFees, {}));
  using Terms = std::tuple<Uuid, int64_t, int64_t, int64_t, int64_t>;  // Partner, rate, days, period days, net.
  std::map<Uuid, std::pair<Terms, int64_t>> fees;
  for (const Row& row : fee_rows) {
    fees[row.Id(0)] = {{row.Id(1), row.Int(2), row.Int(3), row.Int(4), row.Int(5)}, row.Int(6)};
  }
  ASSIGN_OR_RETURN(const std::vector<Row> segments, billing.Query(kSegments, {}));
  size_t paid_segments = 0;
  for (const Row& row : segments) {
    const std::string name = absl::StrCat("fee of invoice ", row.Bytes(1));
    const auto fee = fees.find(row.Id(0));
    if (row.Bytes(2) != "PAID") {
      if (fee != fees.end()) broken.push_back(name + " accrued although the invoice is not paid");
      continue;
    }
    ++paid_segments;
    if (fee == fees.end()) {
      broken.push_back(name + " was paid but never accrued");
      continue;
    }
    const auto& [terms, amount] = fee->second;
    if (terms != Terms{row.Id(3), row.Int(4), row.Int(5), row.Int(6), row.Int(7)}) {
      broken.push_back(name + " differs from what the line froze");
    }
    if (amount != row.Int(9)) broken.push_back(name + " is not what the line earned");
    if (row.Int(5) != row.Int(6)) continue;  // One of two parts of a line, split cumulatively.
    ASSIGN_OR_RETURN(const Money net, Money::FromMicros(row.Int(7), row.Bytes(8)));
    ASSIGN_OR_RETURN(const Money expected, net.TimesRounded(row.Int(4), 1, 10'000));
    if (amount != expected.micros()) broken.push_back(name + " is not net × rate");
  }
  if (paid_segments != fees.size()) broken.push_back("there are fees without a paid line");
  return absl::OkStatus();
}

// Invariants 5 (no gaps), 6, 7 and 8 of one schema.
absl::Status CheckLog(const std::string& service, Connection& connection, Sentences& broken) {
  RETURN_IF_ERROR(ExpectNone(connection, kVersionGaps, service + ": versions with a gap", broken));
  RETURN_IF_ERROR(ExpectNone(connection, kBrokenReplies, service + ": a broken stored reply", broken));
  for (int bucket = 0; bucket < events::kBuckets; ++bucket) {
    const absl::Status verified = events::VerifyChain(connection, bucket);
    if (!verified.ok()) broken.push_back(absl::StrCat(service, ": ", verified.message()));
  }
  ASSIGN_OR_RETURN(const std::vector<Row> events, connection.Query(kHistory, {}));
  Uuid aggregate;
  std::string state;
  for (const Row& event : events) {
    if (event.Id(0) != aggregate) state.clear();
    aggregate = event.Id(0);
    const StateOfEvent next = StateAfter(service, event.Bytes(3), event.Bytes(2));
    if (next.state.empty()) continue;
    if (!IsEdge(next.noun, state, next.state)) {
      broken.push_back(absl::StrCat(service, ": ", event.Bytes(1), " took ", next.noun, " ", aggregate.ToString(),
                                    " from ", state.empty() ? "nothing" : state, " to ", next.state));
    }
    state = next.state;
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> IsDrained(Connection& connection) {
  ASSIGN_OR_RETURN(const std::vector<Row> unsealed, connection.Query(kUnsealed, {}));
  ASSIGN_OR_RETURN(const std::vector<Row> waiting, connection.Query(kWaiting, {}));
  if (unsealed[0].Int(0) != 0 || waiting[0].Int(0) != 0) return false;
  ASSIGN_OR_RETURN(const std::vector<Row> heads, connection.Query(kHeads, {}));
  ASSIGN_OR_RETURN(const std::vector<Row> cursors, connection.Query(kCursors, {}));
  std::map<std::string, std::map<int64_t, int64_t>> reached;
  for (const Row& row : cursors) reached[row.Bytes(0)][row.Int(1)] = row.Int(2);
  for (const auto& [consumer, positions] : reached) {
    for (const Row& head : heads) {
      const auto position = positions.find(head.Int(0));
      if (position == positions.end() || position->second < head.Int(1)) return false;
    }
  }
  return true;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> FindBrokenInvariants(const Schemas& schemas) {
  Sentences broken;
  RETURN_IF_ERROR(ExpectNone(*schemas.billing, kUnbalanced, "a ledger transaction does not balance", broken));
  RETURN_IF_ERROR(ExpectNone(*schemas.billing, kUnbalancedCurrencies, "the ledger does not balance in", broken));
  RETURN_IF_ERROR(ExpectNone(*schemas.billing, kTransactionsWithoutEntries, "an empty ledger transaction", broken));
  RETURN_IF_ERROR(ExpectNone(*schemas.billing, kLineSums, "the lines do not add up to their invoice", broken));
  RETURN_IF_ERROR(ExpectNone(*schemas.billing, kSequenceGaps, "invoice numbers with a gap on account", broken));
  ASSIGN_OR_RETURN(const auto orders, ReadOrders(*schemas.order));
  RETURN_IF_ERROR(CheckConfirmations(schemas, orders, broken));
  RETURN_IF_ERROR(CheckBilledOrders(schemas, orders, broken));
  RETURN_IF_ERROR(CheckFees(*schemas.billing, broken));
  RETURN_IF_ERROR(CheckLog("partner", *schemas.partner, broken));
  RETURN_IF_ERROR(CheckLog("order", *schemas.order, broken));
  RETURN_IF_ERROR(CheckLog("link", *schemas.link, broken));
  RETURN_IF_ERROR(CheckLog("billing", *schemas.billing, broken));
  return broken;
}

absl::StatusOr<bool> IsDrained(const Schemas& schemas) {
  for (Connection* connection : {schemas.partner, schemas.order, schemas.link, schemas.billing}) {
    ASSIGN_OR_RETURN(const bool drained, IsDrained(*connection));
    if (!drained) return false;
  }
  return true;
}

}  // namespace countersign::integration
