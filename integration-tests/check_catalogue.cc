// The catalogue and what orders take from it: prices have tiers, bundles contain offers, offers are what their events
// say, an order costs what its lines cost, and a change that waits holds the one place of its subscription.
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"
#include "integration-tests/checks.h"

namespace countersign::integration {
namespace {

constexpr absl::string_view kPricesWithoutTiers =
    "SELECT CONCAT(p.offer_id, ' ', p.price_id) FROM prices p LEFT JOIN price_tiers t ON t.offer_id = p.offer_id AND "
    "t.price_id = p.price_id WHERE t.offer_id IS NULL";
constexpr absl::string_view kPartsWithoutOffer =
    "SELECT CONCAT(p.offer_id, ' ', p.id) FROM (SELECT offer_id, price_id AS id FROM prices UNION ALL SELECT offer_id, "
    "promotion_id FROM promotions) p LEFT JOIN offers o ON o.offer_id = p.offer_id WHERE o.offer_id IS NULL";
constexpr absl::string_view kOffers = "SELECT offer_id, components, version FROM offers";
constexpr absl::string_view kLastVersion =
    "SELECT COALESCE(MAX(version), 0) FROM events WHERE tenant_id = ? AND aggregate_id = ?";
constexpr absl::string_view kOrdersOfAnotherTotal =
    "SELECT HEX(o.order_id) FROM orders o, JSON_TABLE(o.order_lines, '$[*]' COLUMNS (amount BIGINT PATH "
    "'$.amount_micros')) l GROUP BY o.partner_id, o.order_id, o.total_micros HAVING SUM(l.amount) <> o.total_micros";
constexpr absl::string_view kChangesWithoutPlace =
    "SELECT HEX(o.order_id) FROM orders o LEFT JOIN waiting_changes w ON w.partner_id = o.partner_id AND w.order_id = "
    "o.order_id WHERE o.kind <> 'NEW' AND o.state = 'AWAITING_CONFIRMATION' AND w.order_id IS NULL";

absl::Status CheckOffers(mysql::Connection& order, Sentences& broken) {
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> offers, order.Query(kOffers, {}));
  std::set<std::string> sold;
  std::set<std::string> bundles;
  for (const mysql::Row& offer : offers) {
    sold.insert(offer.Bytes(0));
    if (!offer.Bytes(1).empty()) bundles.insert(offer.Bytes(0));
  }
  for (const mysql::Row& offer : offers) {
    const std::string name = absl::StrCat("the offer ", offer.Bytes(0));
    const std::vector<std::string> components = absl::StrSplit(offer.Bytes(1), ',', absl::SkipEmpty());
    for (const std::string& component : components) {
      if (sold.contains(component) && !bundles.contains(component)) continue;
      broken.push_back(absl::StrCat(name, " contains ", component, ", which is no offer that can be in a bundle"));
    }
    ASSIGN_OR_RETURN(const std::vector<mysql::Row> last,
                     order.Query(kLastVersion, {Uuid::Derived({"catalogue"}),
                                                Uuid::Derived({"catalogue", "offer", offer.Bytes(0)})}));
    if (last[0].Int(0) != offer.Int(2)) broken.push_back(name + " is not at the version of its last event");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckCatalogue(mysql::Connection& order, Sentences& broken) {
  RETURN_IF_ERROR(ExpectNone(order, kPricesWithoutTiers, "a price without tiers", broken));
  RETURN_IF_ERROR(ExpectNone(order, kPartsWithoutOffer, "a price or promotion of no offer", broken));
  RETURN_IF_ERROR(CheckOffers(order, broken));
  RETURN_IF_ERROR(ExpectNone(order, kOrdersOfAnotherTotal, "the total of an order is not that of its lines", broken));
  return ExpectNone(order, kChangesWithoutPlace, "a change waits without the place of its subscription", broken);
}

}  // namespace countersign::integration
