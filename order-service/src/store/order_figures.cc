#include "order-service/src/store/order_figures.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "common/base/status_macros.h"
#include "common/events/all_buckets.h"
#include "common/mysql/connection.h"
#include "order-service/src/domain/order_state.h"

namespace countersign::order {
namespace {

constexpr std::array kOnTheirWay = {OrderState::kDraft, OrderState::kAwaitingConfirmation, OrderState::kConfirmed};

constexpr absl::string_view kCountOnTheirWay =
    "SELECT state, COUNT(*) FROM orders FORCE INDEX (orders_by_expiry) WHERE bucket IN (@) AND state IN (?, ?, ?) "
    "GROUP BY state";
constexpr absl::string_view kOldestConfirmed =
    "SELECT MIN(confirm_time) FROM orders FORCE INDEX (orders_by_expiry) WHERE bucket IN (@) AND state = ?";

}  // namespace

absl::StatusOr<std::vector<metrics::Figure>> ReadOrderFigures(mysql::Database& database, absl::Time deadline,
                                                              absl::Time now) {
  static const std::string count = events::InAllBuckets(kCountOnTheirWay);
  static const std::string oldest_confirmed = events::InAllBuckets(kOldestConfirmed);
  std::map<std::string, double> counts;
  absl::Time oldest = now;
  const auto read = [&](mysql::Reader& reader) -> absl::Status {
    counts.clear();
    for (const OrderState state : kOnTheirWay) counts[std::string(NameOf(state))] = 0;
    ASSIGN_OR_RETURN(const auto rows,
                     reader.Query(count, events::AllBuckets({NameOf(kOnTheirWay[0]), NameOf(kOnTheirWay[1]),
                                                             NameOf(kOnTheirWay[2])})));
    for (const mysql::Row& row : rows) counts[row.Bytes(0)] = static_cast<double>(row.Int(1));
    ASSIGN_OR_RETURN(const auto first,
                     reader.QueryOne(oldest_confirmed, events::AllBuckets({NameOf(OrderState::kConfirmed)})));
    if (first.has_value()) oldest = first->OptionalTime(0).value_or(now);
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(database.Read(deadline, read));
  std::vector<metrics::Figure> figures;
  for (const auto& [state, number] : counts) {
    figures.push_back({.name = "countersign_orders",
                       .help = "Orders that are on their way, by state.",
                       .labels = {{"state", state}},
                       .value = number});
  }
  figures.push_back({.name = "countersign_orders_confirmed_oldest_seconds",
                     .help = "How long the oldest CONFIRMED order has waited to be completed; 0: none waits.",
                     .value = absl::ToDoubleSeconds(std::max(absl::ZeroDuration(), now - oldest))});
  return figures;
}

}  // namespace countersign::order
