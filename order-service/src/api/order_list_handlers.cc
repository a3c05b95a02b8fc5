#include "order-service/src/api/order_list_handlers.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "common/rpc/filter.h"
#include "order-service/src/api/names.h"
#include "order-service/src/api/order_messages.h"
#include "order-service/src/domain/order_number.h"

namespace countersign::order {
namespace {

constexpr absl::string_view kAllPartners = "partners/-";

const std::vector<rpc::FilterField>& FilterFields() {
  using enum rpc::FilterType;
  static const auto* const fields = new std::vector<rpc::FilterField>{
      {"state", "o.state", kEnum, {std::begin(kOrderStateNames), std::end(kOrderStateNames)}},
      {"order_number", "o.order_number", kText},
      {"customer", "o.customer_id", kName, {kCustomerName}},
      {"partner_reference", "o.partner_reference", kText},
      {"create_time", "o.create_time", kTime},
      {"update_time", "o.update_time", kTime}};
  return *fields;
}

}  // namespace

absl::StatusOr<ListOrdersCommand> ParseListOrders(const rpc::Call& call, const v1::ListOrdersRequest& request) {
  FieldViolations violations;
  ListOrdersCommand command;
  if (request.parent() != kAllPartners) {
    command.partner = rpc::RequireName(violations, "parent", kPartnerName, request.parent())[0];
  }
  command.condition = rpc::RequireFilter(violations, request.filter(), FilterFields());
  command.filter = absl::StrCat(request.parent(), "\n", request.filter());
  command.page = rpc::RequirePage(violations, call, command.filter, request.page_size(), request.page_token());
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.partner.value_or(Uuid())));
  return command;
}

absl::StatusOr<v1::ListOrdersResponse> OrderListHandlers::List(const rpc::Call& call,
                                                               const ListOrdersCommand& command) {
  const auto& [partner, condition, filter, page] = command;
  // The token is authenticated, so what it holds is what was put there below.
  absl::StatusOr<OrderListPage> found =
      partner.has_value()
          ? orders_.ListOf(call.deadline(), *partner, condition, Uuid::Parse(page.after).value_or(Uuid()), page.size)
          : orders_.ListAll(call.deadline(), condition, OrderPosition::FromText(page.after), page.size);
  RETURN_IF_ERROR(found.status());
  v1::ListOrdersResponse reply;
  for (const Order& order : found->orders) *reply.add_orders() = ToProto(order);
  if (!found->has_more) return reply;
  const Order& last = found->orders.back();
  const std::string position = partner.has_value() ? last.name.id.ToString() : OrderPosition::Of(last).ToText();
  reply.set_next_page_token(rpc::NextPageToken(call, filter, position));
  return reply;
}

}  // namespace countersign::order
