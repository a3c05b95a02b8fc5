// Invariants 2 and 3: confirmations, and what is billed for them.
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"
#include "integration-tests/checks.h"

namespace countersign::integration {
namespace {

constexpr absl::string_view kOrders =
    "SELECT order_id, state, revision, link_id, subscriptions, billing_account_id, partner_of_record_id, "
    "confirm_time IS NOT NULL, kind FROM orders";
constexpr absl::string_view kAcceptances = "SELECT order_id, revision, link_id FROM acceptances";
constexpr absl::string_view kConfirmedLinks = "SELECT order_id, revision, link_id FROM links WHERE state = 'CONFIRMED'";
constexpr absl::string_view kActivations =
    "SELECT order_id, revision, account_id, partner_id, line_count FROM activations WHERE outcome = 'ACTIVATED'";
constexpr absl::string_view kInvoicedOrders =
    "SELECT order_id, invoice_number FROM invoices WHERE order_id IS NOT NULL";
// A code on which a press stood was guessed before, and never more often than is allowed.
constexpr absl::string_view kWrongCodes =
    "SELECT HEX(c.link_id) FROM codes c LEFT JOIN links l ON l.link_id = c.link_id WHERE l.link_id IS NULL OR "
    "c.attempts < 0 OR c.attempts > 5 OR (c.attempts = 0 AND c.form_id <> REPEAT(CHAR(0), 16))";
// Acts are done on receipts, and only a confirmed link has one.
constexpr absl::string_view kWrongActs =
    "SELECT HEX(a.act_id) FROM receipt_acts a LEFT JOIN links l ON l.link_id = a.link_id WHERE l.link_id IS NULL OR "
    "l.state <> 'CONFIRMED' OR (a.version = 1) <> (a.outcome = '')";
constexpr absl::string_view kWrongNewLinks =
    "SELECT HEX(r.request_id) FROM new_link_requests r LEFT JOIN links l ON l.link_id = r.link_id AND l.partner_id = "
    "r.partner_id AND l.order_id = r.order_id WHERE l.link_id IS NULL";
// Only a confirmed link has a receipt whose address could be mailed again.
constexpr absl::string_view kWrongAccessLinks =
    "SELECT HEX(a.link_id) FROM access_links a LEFT JOIN links l ON l.link_id = a.link_id WHERE l.link_id IS NULL OR "
    "l.state <> 'CONFIRMED'";
constexpr absl::string_view kSubscriptions = "SELECT subscription_id, order_id FROM subscriptions";

using OrderRevision = std::pair<Uuid, int64_t>;

struct OrderRow {
  std::string state;
  int64_t revision = 0;
  Uuid link;
  std::set<std::string> subscriptions;
  Uuid account;
  Uuid partner_of_record;
  bool is_new = true;    // It starts subscriptions; otherwise it changes one of another order.
  bool pressed = false;  // The customer confirmed it, whatever became of it since.
  bool confirmed() const { return state == "CONFIRMED" || state == "COMPLETED"; }
  bool abandoned() const { return state == "CANCELLED" && pressed; }
};

absl::StatusOr<std::map<Uuid, OrderRow>> ReadOrders(mysql::Connection& connection) {
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows, connection.Query(kOrders, {}));
  std::map<Uuid, OrderRow> orders;
  for (const mysql::Row& row : rows) {
    orders[row.Id(0)] = {.state = row.Bytes(1),
                         .revision = row.Int(2),
                         .link = row.Id(3),
                         .subscriptions = absl::StrSplit(row.Bytes(4), ',', absl::SkipEmpty()),
                         .account = row.Id(5),
                         .partner_of_record = row.Id(6),
                         .is_new = row.Bytes(8) == "NEW",
                         .pressed = row.Bool(7)};
  }
  return orders;
}

struct Activated {
  Uuid account;
  Uuid partner;
  int64_t lines = 0;
};

// Everything that tells of a confirmation, by order and revision.
struct Confirmations {
  std::map<OrderRevision, Uuid> accepted;
  std::map<OrderRevision, std::vector<Uuid>> linked;
  std::map<OrderRevision, std::vector<Activated>> activated;
};

absl::StatusOr<Confirmations> ReadConfirmations(const Schemas& schemas) {
  Confirmations found;
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> acceptances, schemas.order->Query(kAcceptances, {}));
  for (const mysql::Row& row : acceptances) found.accepted[{row.Id(0), row.Int(1)}] = row.Id(2);
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> links, schemas.link->Query(kConfirmedLinks, {}));
  for (const mysql::Row& row : links) found.linked[{row.Id(0), row.Int(1)}].push_back(row.Id(2));
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> activations, schemas.billing->Query(kActivations, {}));
  for (const mysql::Row& row : activations) {
    found.activated[{row.Id(0), row.Int(1)}].push_back({row.Id(2), row.Id(3), row.Int(4)});
  }
  return found;
}

// Of an order that was confirmed; each is named once.
void CheckConfirmed(const std::string& name, const OrderRevision& key, const OrderRow& order,
                    const Confirmations& found, Sentences& broken) {
  const auto acceptance = found.accepted.find(key);
  if (acceptance == found.accepted.end() || acceptance->second != order.link) {
    broken.push_back(name + " has no acceptance through its link");
  }
  const auto links = found.linked.find(key);
  if (links == found.linked.end() || links->second != std::vector<Uuid>{order.link}) {
    broken.push_back(name + " is not confirmed by exactly its link");
  }
  if (order.pressed != (order.confirmed() || order.abandoned()))
    broken.push_back(name + " does not say when it was confirmed");
  const auto activations = found.activated.find(key);
  const size_t count = activations == found.activated.end() ? 0 : activations->second.size();
  if (count > 1 || (count == 0 && order.state == "COMPLETED")) {
    broken.push_back(name + " was not activated exactly once");
  }
  if (count > 0 && order.abandoned()) broken.push_back(name + " was activated although it was abandoned");
  if (count == 0) return;
  const Activated& activated = activations->second.front();
  if (activated.account != order.account) broken.push_back(name + " was activated on another account than its own");
  if (activated.partner != order.partner_of_record) broken.push_back(name + " was activated for another partner");
  if (order.state == "COMPLETED" && activated.lines != static_cast<int64_t>(order.subscriptions.size())) {
    broken.push_back(name + " does not have one subscription per activated line");
  }
}

// Every record of a confirmation must belong to the current revision of a confirmed order.
template <typename Found>
void ExpectConfirmed(const std::map<Uuid, OrderRow>& orders, const std::map<OrderRevision, Found>& found,
                     const std::string& what, Sentences& broken) {
  for (const auto& [key, value] : found) {
    const auto order = orders.find(key.first);
    if (order == orders.end()) {
      broken.push_back(absl::StrCat(what, " of the unknown order ", key.first.ToString()));
    } else if (!(order->second.confirmed() || order->second.abandoned()) || order->second.revision != key.second) {
      broken.push_back(absl::StrCat("order ", key.first.ToString(), " is not confirmed in revision ", key.second,
                                    ", but there is ", what));
    }
  }
}

absl::Status CheckBilled(mysql::Connection& billing, const std::map<Uuid, OrderRow>& orders, Sentences& broken) {
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> invoices, billing.Query(kInvoicedOrders, {}));
  for (const mysql::Row& row : invoices) {
    const auto order = orders.find(row.Id(0));
    if (order == orders.end() || !order->second.confirmed()) {
      broken.push_back(absl::StrCat("invoice ", row.Bytes(1), " has no confirmed order"));
    }
  }
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> subscriptions, billing.Query(kSubscriptions, {}));
  std::map<Uuid, std::set<std::string>> running;
  for (const mysql::Row& row : subscriptions) running[row.Id(1)].insert(row.Id(0).ToString());
  for (const auto& [id, order] : orders) {
    if (order.state != "COMPLETED") continue;
    if (order.subscriptions.empty() || (order.is_new && running[id] != order.subscriptions)) {
      broken.push_back(absl::StrCat("order ", id.ToString(), " is completed without its subscriptions"));
    }
  }
  for (const auto& [id, of_order] : running) {
    const auto order = orders.find(id);
    if (order == orders.end() || !order->second.confirmed()) {
      broken.push_back(absl::StrCat("there are subscriptions of order ", id.ToString(), ", which is not confirmed"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckOrders(const Schemas& schemas, Sentences& broken) {
  ASSIGN_OR_RETURN(const auto orders, ReadOrders(*schemas.order));
  ASSIGN_OR_RETURN(const Confirmations found, ReadConfirmations(schemas));
  for (const auto& [id, order] : orders) {
    if (!order.confirmed() && !order.abandoned()) continue;
    CheckConfirmed("order " + id.ToString(), {id, order.revision}, order, found, broken);
  }
  ExpectConfirmed(orders, found.accepted, "an acceptance", broken);
  ExpectConfirmed(orders, found.linked, "a confirmed link", broken);
  ExpectConfirmed(orders, found.activated, "an activation", broken);
  RETURN_IF_ERROR(ExpectNone(*schemas.link, kWrongCodes, "a code was guessed more often than is allowed", broken));
  RETURN_IF_ERROR(
      ExpectNone(*schemas.link, kWrongActs, "an act was done on the receipt of a link that is not confirmed", broken));
  RETURN_IF_ERROR(ExpectNone(*schemas.link, kWrongNewLinks,
                             "a new link was asked for of a link that its partner does not have", broken));
  RETURN_IF_ERROR(ExpectNone(*schemas.link, kWrongAccessLinks,
                             "an access link was asked for of a link that has no receipt", broken));
  return CheckBilled(*schemas.billing, orders, broken);
}

}  // namespace countersign::integration
