// Invariant 11: what a service copied of another's state is what its owner has, once the logs are drained.
#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "common/base/status_macros.h"
#include "countersign/order/v1/order.pb.h"
#include "integration-tests/checks.h"
#include "integration-tests/state_edges.h"

namespace countersign::integration {
namespace {

using mysql::Row;

constexpr absl::string_view kPartners = "SELECT partner_id, version, state FROM partners";
constexpr absl::string_view kPartnerHistory =
    "SELECT aggregate_id, version, payload_type, payload FROM events WHERE tenant_id = aggregate_id";
constexpr absl::string_view kPartnerStates = "SELECT partner_id, version, active, inactive_version FROM partner_states";

constexpr absl::string_view kStandings = "SELECT partner_id, partner_version, standing FROM partner_states";

constexpr absl::string_view kLinkedOrders = "SELECT order_id, version, state, link_id, expire_time FROM orders";
constexpr absl::string_view kOrderHistory =
    "SELECT aggregate_id, version, payload FROM events WHERE payload_type = 'countersign.order.v1.OrderEvent' "
    "ORDER BY tenant_id, aggregate_id, version";
constexpr absl::string_view kLinks = "SELECT link_id, order_id, state, order_version, expire_time FROM links";

struct Partner {
  int64_t version = 0;
  bool active = false;
  int64_t inactive_version = 0;  // The newest version that was not active; 0: there was none.
};

absl::StatusOr<std::map<Uuid, Partner>> ReadPartners(mysql::Connection& connection) {
  std::map<Uuid, Partner> partners;
  ASSIGN_OR_RETURN(const std::vector<Row> rows, connection.Query(kPartners, {}));
  for (const Row& row : rows) partners[row.Id(0)] = {.version = row.Int(1), .active = row.Bytes(2) == "ACTIVE"};
  ASSIGN_OR_RETURN(const std::vector<Row> history, connection.Query(kPartnerHistory, {}));
  for (const Row& event : history) {
    const StateOfEvent after = StateAfter(event.Bytes(2), event.Bytes(3));
    const auto partner = partners.find(event.Id(0));
    if (after.noun != "Partner" || after.state == "ACTIVE" || partner == partners.end()) continue;
    partner->second.inactive_version = std::max(partner->second.inactive_version, event.Int(1));
  }
  return partners;
}

absl::Status CheckPartnerStates(const Schemas& schemas, Sentences& broken) {
  ASSIGN_OR_RETURN(const auto partners, ReadPartners(*schemas.partner));
  ASSIGN_OR_RETURN(const std::set<Uuid> undelivered, FindUndelivered(*schemas.partner));
  ASSIGN_OR_RETURN(const std::vector<Row> copies, schemas.order->Query(kPartnerStates, {}));
  std::set<Uuid> copied;
  for (const Row& copy : copies) {
    const Uuid id = copy.Id(0);
    copied.insert(id);
    const std::string name = absl::StrCat("order-service's copy of partner ", id.ToString());
    const auto owner = partners.find(id);
    if (owner == partners.end()) {
      broken.push_back(name + " names an unknown partner");
      continue;
    }
    if (undelivered.contains(id)) continue;
    const Partner& partner = owner->second;
    if (copy.Int(1) != partner.version || copy.Bool(2) != partner.active) {
      broken.push_back(absl::StrCat(name, " is version ", copy.Int(1), ", active ", copy.Int(2), "; the partner is ",
                                    partner.version, ", active ", partner.active));
    }
    // It may be newer where a migration had to assume it, but never hide that the partner was not active.
    if (copy.Int(3) < partner.inactive_version || copy.Int(3) > copy.Int(1) - (copy.Bool(2) ? 1 : 0)) {
      broken.push_back(absl::StrCat(name, " was last inactive at version ", copy.Int(3), "; by the partner it was ",
                                    partner.inactive_version));
    }
  }
  for (const auto& [id, partner] : partners) {
    if (copied.contains(id) || undelivered.contains(id)) continue;
    broken.push_back(absl::StrCat("order-service has no copy of partner ", id.ToString()));
  }
  return absl::OkStatus();
}

// The end of a link, as the order tells it.
struct Ending {
  Uuid order;
  int64_t order_version = 0;
  std::string state;
};

std::string LinkStateAfter(order::v1::Order::State order_state) {
  switch (order_state) {
    case order::v1::Order::STATE_CONFIRMED:
      return "CONFIRMED";
    case order::v1::Order::STATE_DECLINED:
      return "DECLINED";
    case order::v1::Order::STATE_EXPIRED:
      return "EXPIRED";
    case order::v1::Order::STATE_CANCELLED:
      return "REVOKED";
    default:  // The order goes on, with another link or as a draft.
      return "SUPERSEDED";
  }
}

absl::StatusOr<std::map<Uuid, Ending>> ReadEndings(mysql::Connection& connection) {
  ASSIGN_OR_RETURN(const std::vector<Row> history, connection.Query(kOrderHistory, {}));
  std::map<Uuid, Ending> endings;
  for (const Row& row : history) {
    order::v1::OrderEvent event;
    if (!event.ParseFromString(row.Bytes(2)) || event.ended_link().empty()) continue;
    ASSIGN_OR_RETURN(const Uuid link, Uuid::Parse(absl::StripPrefix(event.ended_link(), "links/")));
    endings.try_emplace(link, Ending{row.Id(0), row.Int(1), LinkStateAfter(event.state())});
  }
  return endings;
}

struct Link {
  Uuid order;
  std::string state;
  int64_t order_version = 0;
  absl::Time expire_time;
};

absl::Status CheckLinks(const Schemas& schemas, Sentences& broken) {
  ASSIGN_OR_RETURN(const auto endings, ReadEndings(*schemas.order));
  ASSIGN_OR_RETURN(const std::set<Uuid> undelivered, FindUndelivered(*schemas.order));
  ASSIGN_OR_RETURN(const std::vector<Row> orders, schemas.order->Query(kLinkedOrders, {}));
  ASSIGN_OR_RETURN(const std::vector<Row> link_rows, schemas.link->Query(kLinks, {}));
  std::map<Uuid, int64_t> versions;
  std::set<Uuid> named;
  for (const Row& order : orders) {
    versions[order.Id(0)] = order.Int(1);
    named.insert(order.Id(3));
  }
  std::map<Uuid, Link> links;
  for (const Row& row : link_rows) {
    const Link link = links[row.Id(0)] = {row.Id(1), row.Bytes(2), row.Int(3), row.Time(4)};
    const std::string name = absl::StrCat("link ", row.Id(0).ToString());
    const auto version = versions.find(link.order);
    if (version == versions.end()) {
      broken.push_back(name + " is of an unknown order");
      continue;
    }
    if (undelivered.contains(link.order)) continue;
    const auto ending = endings.find(row.Id(0));
    // The link of a Submit that never committed: its own service ends it.
    if (ending == endings.end() && !named.contains(row.Id(0)) && link.state == "SUPERSEDED") continue;
    const std::string expected = ending == endings.end() ? "ACTIVE" : ending->second.state;
    if (link.state != expected) {
      broken.push_back(absl::StrCat(name, " is ", link.state, ", but its order says ", expected));
    } else if (ending != endings.end()) {
      // A press that was answered again knows a later version of the order.
      if (link.order != ending->second.order || link.order_version < ending->second.order_version ||
          link.order_version > version->second) {
        broken.push_back(name + " ended at another version of its order than the order says");
      }
    } else if (link.order_version != 0) {
      broken.push_back(name + " is ACTIVE as of a version of its order");
    }
  }
  for (const auto& [id, ending] : endings) {
    if (!links.contains(id))
      broken.push_back(absl::StrCat("an order ended link ", id.ToString(), ", which is not there"));
  }
  for (const Row& order : orders) {
    const bool waits = order.Bytes(2) == "AWAITING_CONFIRMATION";
    const auto link = links.find(order.Id(3));
    const bool has_link = link != links.end() && link->second.order == order.Id(0);
    if ((waits || !order.IsNull(3)) && !has_link) {
      broken.push_back(absl::StrCat("order ", order.Id(0).ToString(), " names a link that does not exist"));
    }
    if (waits && has_link && !undelivered.contains(order.Id(0)) && link->second.expire_time != order.Time(4)) {
      broken.push_back(absl::StrCat("order ", order.Id(0).ToString(), " expires at another time than its link"));
    }
    if (waits && endings.contains(order.Id(3))) {
      broken.push_back(absl::StrCat("order ", order.Id(0).ToString(), " waits on a link that it ended"));
    }
    // Its confirmation has been delivered, so it is activated, unless billing refused it.
    if (order.Bytes(2) == "CONFIRMED" && !undelivered.contains(order.Id(0))) {
      broken.push_back(absl::StrCat("order ", order.Id(0).ToString(), " is confirmed but was never completed"));
    }
  }
  return absl::OkStatus();
}

// On which billing-service accrues and holds fees.
absl::Status CheckStandings(const Schemas& schemas, Sentences& broken) {
  ASSIGN_OR_RETURN(const auto partners, ReadPartners(*schemas.partner));
  ASSIGN_OR_RETURN(const std::set<Uuid> undelivered, FindUndelivered(*schemas.partner));
  ASSIGN_OR_RETURN(const std::vector<Row> copies, schemas.billing->Query(kStandings, {}));
  for (const Row& copy : copies) {
    const auto owner = partners.find(copy.Id(0));
    if (owner == partners.end() || undelivered.contains(copy.Id(0))) continue;
    if (copy.Int(1) != owner->second.version) {
      broken.push_back(absl::StrCat("billing-service's copy of partner ", copy.Id(0).ToString(), " is version ",
                                    copy.Int(1), "; the partner is ", owner->second.version));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckCopies(const Schemas& schemas, Sentences& broken) {
  RETURN_IF_ERROR(CheckPartnerStates(schemas, broken));
  RETURN_IF_ERROR(CheckStandings(schemas, broken));
  return CheckLinks(schemas, broken);
}

}  // namespace countersign::integration
