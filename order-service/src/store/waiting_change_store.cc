#include "order-service/src/store/waiting_change_store.h"

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/row_reader.h"
#include "order-service/src/domain/order_number.h"

namespace countersign::order {
namespace {

// Locks the row, whoever holds it: two submits of changes of one subscription come one after the other.
constexpr absl::string_view kLockRow =
    "INSERT INTO waiting_changes (partner_id, subscription_id, order_id, order_version) VALUES (?, ?, ?, ?) "
    "ON DUPLICATE KEY UPDATE order_version = order_version";

constexpr absl::string_view kSelectHolder =
    "SELECT w.order_id, w.order_version, COALESCE(o.version, 0), COALESCE(o.state, ''), o.expire_time FROM "
    "waiting_changes w LEFT JOIN orders o ON o.partner_id = w.partner_id AND o.order_id = w.order_id "
    "WHERE w.partner_id = ? AND w.subscription_id = ?";

constexpr absl::string_view kTakeRow =
    "UPDATE waiting_changes SET order_id = ?, order_version = ? WHERE partner_id = ? AND subscription_id = ?";

struct Holder {
  Uuid order;
  int64_t since = 0;    // Its version when it took the row.
  int64_t version = 0;  // Its version now.
  std::string state;
  std::optional<absl::Time> expire_time;
};

// True while it may still be confirmed. Its own row may not be written yet: another submit in this very transaction.
bool StillWaits(const Holder& holder, absl::Time now) {
  if (holder.version < holder.since) return true;
  return holder.state == NameOf(OrderState::kAwaitingConfirmation) && holder.expire_time.value_or(now) > now;
}

absl::Status TakeRow(mysql::Connection& connection, const OrderName& name, const Uuid& subscription, int64_t version,
                     absl::Time now) {
  RETURN_IF_ERROR(connection.Execute(kLockRow, {name.partner, subscription, name.id, version}).status());
  ASSIGN_OR_RETURN(const std::optional<mysql::Row> row,
                   connection.QueryOne(kSelectHolder, {name.partner, subscription}));
  if (!row.has_value()) return absl::DataLossError("A locked row is gone.");
  mysql::RowReader reader(*row);
  const Holder holder{reader.Id(), reader.Int(), reader.Int(), reader.Text(), reader.OptionalTime()};
  RETURN_IF_ERROR(reader.status());
  if (holder.order != name.id && StillWaits(holder, now)) {
    const std::string number = OrderNumber(holder.order);
    return FailedPrecondition(
        "CHANGE_ALREADY_WAITING",
        absl::StrCat("The order ", number, " already waits to change this subscription. Cancel or revise it first."),
        {{"order", absl::StrCat("partners/", name.partner.ToString(), "/orders/", holder.order.ToString())},
         {"orderNumber", number}});
  }
  return connection.Execute(kTakeRow, {name.id, version, name.partner, subscription}).status();
}

}  // namespace

std::function<absl::Status(mysql::Connection&)> TakeWaitingChange(const Order& order, absl::Time now) {
  return [name = order.name, subscription = order.terms.lines.front().subscription->id, version = order.version,
          now](mysql::Connection& connection) { return TakeRow(connection, name, subscription, version, now); };
}

}  // namespace countersign::order
