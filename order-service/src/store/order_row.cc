#include "order-service/src/store/order_row.h"

#include <cstdint>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "common/base/money.h"
#include "common/base/status_macros.h"
#include "common/events/change.h"
#include "nlohmann/json.hpp"
#include "order-service/src/domain/order_number.h"

namespace countersign::order {
namespace {

using Json = nlohmann::json;

constexpr int kColumnsNotRead = 4;  // bucket, order_number, kind, term_months: they follow from the rest.

absl::StatusOr<OrderLine> OrderLineOf(const Json& json, absl::string_view currency) {
  ASSIGN_OR_RETURN(const Quantity quantity, Quantity::Of(json.at("quantity").get<int64_t>()));
  ASSIGN_OR_RETURN(Money unit_price, Money::FromMicros(json.at("unit_price_micros").get<int64_t>(), currency));
  ASSIGN_OR_RETURN(Money amount, Money::FromMicros(json.at("amount_micros").get<int64_t>(), currency));
  return OrderLine{json.at("offer").get<std::string>(),
                   json.at("title").get<std::string>(),
                   quantity,
                   json.at("price").get<std::string>(),
                   std::move(unit_price),
                   std::move(amount)};
}

absl::StatusOr<std::vector<OrderLine>> OrderLinesOf(const std::string& text, absl::string_view currency) {
  try {
    std::vector<OrderLine> lines;
    for (const Json& json : Json::parse(text)) {
      ASSIGN_OR_RETURN(OrderLine line, OrderLineOf(json, currency));
      lines.push_back(std::move(line));
    }
    return lines;
  } catch (const std::exception&) {  // The text of the exception would quote the row.
    return absl::DataLossError("no list of lines");
  }
}

std::string LinesText(const std::vector<OrderLine>& lines) {
  Json array = Json::array();
  for (const OrderLine& line : lines) {
    array.push_back({{"offer", line.offer_id},
                     {"title", line.offer_title},
                     {"quantity", line.quantity.seats()},
                     {"price", line.price_id},
                     {"unit_price_micros", line.unit_price.micros()},
                     {"amount_micros", line.amount.micros()}});
  }
  return array.dump();
}

absl::StatusOr<std::vector<Uuid>> IdsOf(const std::string& text) {
  std::vector<Uuid> ids;
  for (const absl::string_view part : absl::StrSplit(text, ',', absl::SkipEmpty())) {
    ASSIGN_OR_RETURN(const Uuid id, Uuid::Parse(part));
    ids.push_back(id);
  }
  return ids;
}

std::string IdsText(const std::vector<Uuid>& ids) {
  return absl::StrJoin(ids, ",", [](std::string* out, const Uuid& id) { out->append(id.ToString()); });
}

}  // namespace

Order OrderOf(mysql::RowReader& row) {
  Order order;
  order.name = {row.Id(), row.Id()};
  order.customer = row.Id();
  order.partner_of_record = row.Id();
  order.create_time = row.Time();
  row.Skip(kColumnsNotRead);
  order.version = row.Int();
  order.state = row.Enumerated(kOrderStates);
  order.state_reason = row.Text();
  order.revision = row.Int();
  order.links_made = row.Int();
  order.terms.currency = row.Text();
  order.terms.lines = row.Parsed([&](const std::string& text) { return OrderLinesOf(text, order.terms.currency); });
  order.terms.total = row.Amount(order.terms.currency);
  order.terms.billing_period_months = static_cast<int>(row.Int());
  order.terms.requested_start = row.OptionalDay();
  order.terms.partner_reference = row.Text();
  order.seller_version = row.Int();
  order.link = row.OptionalId();
  order.billing_account = row.OptionalId();
  order.submit_time = row.OptionalTime();
  order.expire_time = row.OptionalTime();
  order.confirm_time = row.OptionalTime();
  order.start_date = row.OptionalDay();
  order.subscriptions = row.Parsed(IdsOf);
  order.update_time = row.Time();
  return order;
}

mysql::RowWrite OrderRow(const Order& order) {
  const OrderTerms& terms = order.terms;
  return mysql::Put(kOrders, {order.name.partner,
                              order.name.id,
                              order.customer,
                              order.partner_of_record,
                              order.create_time,
                              events::BucketOf(order.name.partner),
                              OrderNumber(order.name.id),
                              "NEW",
                              kTermMonths,
                              order.version,
                              NameOf(order.state),
                              order.state_reason,
                              order.revision,
                              order.links_made,
                              terms.currency,
                              LinesText(terms.lines),
                              terms.total.micros(),
                              terms.billing_period_months,
                              terms.requested_start,
                              terms.partner_reference,
                              order.seller_version,
                              order.link,
                              order.billing_account,
                              order.submit_time,
                              order.expire_time,
                              order.confirm_time,
                              order.start_date,
                              IdsText(order.subscriptions),
                              order.update_time});
}

mysql::RowWrite OrderRevisionRow(const Order& order) {
  const OrderTerms& terms = order.terms;
  return mysql::Insert(
      kOrderRevisions,
      {order.name.partner, order.name.id, order.revision, NameOf(order.state), order.state_reason, terms.currency,
       LinesText(terms.lines), terms.total.micros(), terms.billing_period_months, kTermMonths, terms.requested_start,
       terms.partner_reference, order.link, order.submit_time, order.expire_time});
}

}  // namespace countersign::order
