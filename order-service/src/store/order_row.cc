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
#include "common/base/date.h"
#include "common/base/money.h"
#include "common/base/status_macros.h"
#include "common/events/change.h"
#include "nlohmann/json.hpp"
#include "order-service/src/domain/order_number.h"

namespace countersign::order {
namespace {

using Json = nlohmann::json;

constexpr int kColumnsNotRead = 2;  // bucket, order_number: they follow from the rest.

// Reads the fields that older lines, or lines without a promotion, do not have.
absl::Status AddDetails(const Json& json, OrderLine& line) {
  line.tier_minimum = json.value("tier", int64_t{0});
  line.offer_description = json.value("description", "");
  if (json.contains("subscription")) {
    ASSIGN_OR_RETURN(const Uuid account, Uuid::Parse(json.at("account").get<std::string>()));
    ASSIGN_OR_RETURN(const Uuid id, Uuid::Parse(json.at("subscription").get<std::string>()));
    line.subscription = SubscriptionName{account, id};
    line.at_renewal = json.at("at_renewal").get<bool>();
    line.seats_before = json.at("seats_before").get<int64_t>();
    line.seats_after = json.at("seats_after").get<int64_t>();
    ASSIGN_OR_RETURN(line.renewal_date, ParseDate(json.at("renewal_date").get<std::string>()));
  }
  if (json.contains("transfer_code")) {
    ASSIGN_OR_RETURN(line.transfer_code, Uuid::Parse(json.at("transfer_code").get<std::string>()));
    line.former_partner_name = json.value("former_partner", "");
  }
  line.promotion_id = json.value("promotion", "");
  if (line.promotion_id.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(line.list_unit_price,
                   Money::FromMicros(json.at("list_unit_price_micros").get<int64_t>(), line.unit_price.currency()));
  line.promotion_title = json.at("promotion_title").get<std::string>();
  line.trial_days = json.at("trial_days").get<int64_t>();
  ASSIGN_OR_RETURN(line.promotion_start, ParseDate(json.at("promotion_start").get<std::string>()));
  ASSIGN_OR_RETURN(line.promotion_end, ParseDate(json.at("promotion_end").get<std::string>()));
  return absl::OkStatus();
}

absl::StatusOr<OrderLine> OrderLineOf(const Json& json, absl::string_view currency) {
  ASSIGN_OR_RETURN(const Quantity quantity, Quantity::Of(json.at("quantity").get<int64_t>()));
  ASSIGN_OR_RETURN(const Money unit_price, Money::FromMicros(json.at("unit_price_micros").get<int64_t>(), currency));
  ASSIGN_OR_RETURN(Money amount, Money::FromMicros(json.at("amount_micros").get<int64_t>(), currency));
  OrderLine line{.offer_id = json.at("offer").get<std::string>(),
                 .offer_title = json.at("title").get<std::string>(),
                 .quantity = quantity,
                 .price_id = json.at("price").get<std::string>(),
                 .unit_price = unit_price,
                 .amount = std::move(amount),
                 .list_unit_price = unit_price};
  RETURN_IF_ERROR(AddDetails(json, line));
  return line;
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
    Json& json = array.emplace_back(Json{{"offer", line.offer_id},
                                         {"title", line.offer_title},
                                         {"quantity", line.quantity.seats()},
                                         {"price", line.price_id},
                                         {"unit_price_micros", line.unit_price.micros()},
                                         {"amount_micros", line.amount.micros()},
                                         {"tier", line.tier_minimum},
                                         {"description", line.offer_description}});
    if (line.subscription.has_value()) {
      json["account"] = line.subscription->account.ToString();
      json["subscription"] = line.subscription->id.ToString();
      json["at_renewal"] = line.at_renewal;
      json["seats_before"] = line.seats_before;
      json["seats_after"] = line.seats_after;
      json["renewal_date"] = FormatDate(line.renewal_date);
    }
    if (line.transfer_code.has_value()) {
      json["transfer_code"] = line.transfer_code->ToString();
      json["former_partner"] = line.former_partner_name;
    }
    if (line.promotion_id.empty()) continue;
    json["promotion"] = line.promotion_id;
    json["promotion_title"] = line.promotion_title;
    json["list_unit_price_micros"] = line.list_unit_price.micros();
    json["trial_days"] = line.trial_days;
    json["promotion_start"] = FormatDate(line.promotion_start);
    json["promotion_end"] = FormatDate(line.promotion_end);
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

// The last columns that orders and revisions have alike.
void AddWords(mysql::RowReader& row, OrderTerms& terms) {
  terms.customer_note = row.Text();
  terms.purchase_order_number = row.Text();
  terms.region = row.Text();
}

// currency, order_lines, total_micros, billing_period_months.
void AddPrices(mysql::RowReader& row, OrderTerms& terms) {
  terms.currency = row.Text();
  terms.lines = row.Parsed([&](const std::string& text) { return OrderLinesOf(text, terms.currency); });
  terms.total = row.Amount(terms.currency);
  terms.billing_period_months = static_cast<int>(row.Int());
}

}  // namespace

OrderRevision RevisionOf(mysql::RowReader& row) {
  OrderRevision revision{.order = {row.Id(), row.Id()}};
  revision.revision = row.Int();
  revision.state = row.Enumerated(kOrderStates);
  revision.state_reason = row.Text();
  AddPrices(row, revision.terms);
  row.Skip();  // term_months.
  revision.terms.requested_start = row.OptionalDay();
  revision.terms.partner_reference = row.Text();
  revision.link = row.OptionalId();
  revision.submit_time = row.OptionalTime();
  revision.expire_time = row.OptionalTime();
  AddWords(row, revision.terms);
  return revision;
}

Order OrderOf(mysql::RowReader& row) {
  Order order;
  order.name = {row.Id(), row.Id()};
  order.customer = row.Id();
  order.partner_of_record = row.Id();
  order.create_time = row.Time();
  row.Skip(kColumnsNotRead);
  order.kind = row.Enumerated(kOrderKinds);
  row.Skip();  // term_months: always the same.
  order.version = row.Int();
  order.state = row.Enumerated(kOrderStates);
  order.state_reason = row.Text();
  order.revision = row.Int();
  order.links_made = row.Int();
  AddPrices(row, order.terms);
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
  AddWords(row, order.terms);
  order.submitter.address = row.Text();
  order.submitter.mail_domain = row.Text();
  order.erase_time = row.OptionalTime();
  order.payer_on_file = row.Bool();
  order.press_time = row.OptionalTime();
  order.customer_name = row.Text();
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
                              NameOf(order.kind),
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
                              terms.customer_note,
                              terms.purchase_order_number,
                              terms.region,
                              order.submitter.address,
                              order.submitter.mail_domain,
                              order.erase_time,
                              order.payer_on_file ? 1 : 0,
                              order.press_time,
                              order.customer_name,
                              order.update_time});
}

mysql::RowWrite OrderRevisionRow(const Order& order) {
  const OrderTerms& terms = order.terms;
  return mysql::Insert(kOrderRevisions,
                       {order.name.partner, order.name.id, order.revision, NameOf(order.state), order.state_reason,
                        terms.currency, LinesText(terms.lines), terms.total.micros(), terms.billing_period_months,
                        kTermMonths, terms.requested_start, terms.partner_reference, order.link, order.submit_time,
                        order.expire_time, terms.customer_note, terms.purchase_order_number, terms.region});
}

}  // namespace countersign::order
