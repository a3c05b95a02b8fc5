#include "order-service/src/store/order_row.h"

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "common/base/status_macros.h"
#include "nlohmann/json.hpp"

namespace countersign::order {
namespace {

using Json = nlohmann::json;

absl::StatusOr<OrderLine> ReadLine(const Json& json, absl::string_view currency) {
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

absl::StatusOr<std::vector<OrderLine>> ReadLines(const std::string& text, absl::string_view currency) {
  try {
    std::vector<OrderLine> lines;
    for (const Json& json : Json::parse(text)) {
      ASSIGN_OR_RETURN(OrderLine line, ReadLine(json, currency));
      lines.push_back(std::move(line));
    }
    return lines;
  } catch (const std::exception&) {  // The text of the exception would quote the row.
    return absl::DataLossError("orders.order_lines is not what this service writes");
  }
}

absl::StatusOr<PostalAddress> ReadAddress(const std::string& text) {
  try {
    const Json json = Json::parse(text);
    PostalAddress address;
    json.at("region_code").get_to(address.region_code);
    json.at("postal_code").get_to(address.postal_code);
    json.at("administrative_area").get_to(address.administrative_area);
    json.at("locality").get_to(address.locality);
    json.at("address_lines").get_to(address.address_lines);
    json.at("recipients").get_to(address.recipients);
    json.at("organization").get_to(address.organization);
    return address;
  } catch (const std::exception&) {
    return absl::DataLossError("acceptances.billing_address is not what this service writes");
  }
}

absl::StatusOr<std::vector<Uuid>> ReadIds(const std::string& text) {
  std::vector<Uuid> ids;
  for (const absl::string_view part : absl::StrSplit(text, ',', absl::SkipEmpty())) {
    ASSIGN_OR_RETURN(const Uuid id, Uuid::Parse(part));
    ids.push_back(id);
  }
  return ids;
}

}  // namespace

absl::StatusOr<Order> ReadOrder(const mysql::Row& row) {
  Order order;
  order.name = {row.Id(0), row.Id(1)};
  order.version = row.Int(2);
  ASSIGN_OR_RETURN(order.state, ParseOrderState(row.Bytes(3)));
  order.state_reason = row.Bytes(4);
  order.revision = row.Int(5);
  order.links_made = row.Int(6);
  order.customer = row.Id(7);
  order.partner_of_record = row.Id(8);
  order.terms.currency = row.Bytes(9);
  ASSIGN_OR_RETURN(order.terms.lines, ReadLines(row.Bytes(10), order.terms.currency));
  ASSIGN_OR_RETURN(order.terms.total, Money::FromMicros(row.Int(11), order.terms.currency));
  order.terms.billing_period_months = static_cast<int>(row.Int(12));
  order.terms.requested_start = row.OptionalDay(13);
  order.terms.partner_reference = row.Bytes(14);
  order.link = row.OptionalId(15);
  order.billing_account = row.OptionalId(16);
  order.submit_time = row.OptionalTime(17);
  order.expire_time = row.OptionalTime(18);
  order.confirm_time = row.OptionalTime(19);
  order.start_date = row.OptionalDay(20);
  ASSIGN_OR_RETURN(order.subscriptions, ReadIds(row.Bytes(21)));
  order.create_time = row.Time(22);
  order.update_time = row.Time(23);
  order.seller_version = row.Int(24);
  return order;
}

absl::StatusOr<Acceptance> ReadAcceptance(const mysql::Row& row, int first) {
  Acceptance acceptance;
  acceptance.purchase_order_number = row.Bytes(first);
  acceptance.company_name = row.Bytes(first + 1);
  acceptance.billing_email = row.Bytes(first + 2);
  ASSIGN_OR_RETURN(acceptance.billing_address, ReadAddress(row.Bytes(first + 3)));
  acceptance.agreement_version = row.Bytes(first + 4);
  acceptance.content_sha256 = row.Bytes(first + 5);
  acceptance.ip_address = row.Bytes(first + 6);
  acceptance.user_agent = row.Bytes(first + 7);
  acceptance.press_time = row.Time(first + 8);
  return acceptance;
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

std::string AddressText(const PostalAddress& address) {
  return Json{{"region_code", address.region_code},
              {"postal_code", address.postal_code},
              {"administrative_area", address.administrative_area},
              {"locality", address.locality},
              {"address_lines", address.address_lines},
              {"recipients", address.recipients},
              {"organization", address.organization}}
      .dump();
}

std::string IdsText(const std::vector<Uuid>& ids) {
  return absl::StrJoin(ids, ",", [](std::string* out, const Uuid& id) { out->append(id.ToString()); });
}

}  // namespace countersign::order
