#include "order-service/src/api/order_list_handlers.h"

#include <iterator>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "order-service/src/api/names.h"
#include "order-service/src/api/order_messages.h"
#include "order-service/src/domain/order_number.h"

namespace countersign::order {
namespace {

constexpr absl::string_view kAllPartners = "partners/-";

std::vector<mysql::FilterField> OrderFilterFields() {
  using enum mysql::FilterType;
  return {{"state", "o.state", kEnum, {std::begin(kOrderStateNames), std::end(kOrderStateNames)}},
          {"order_number", "o.order_number", kAscii},
          {"customer", "o.customer_id", kName, {kCustomerName}},
          {"partner_reference", "o.partner_reference"},
          {"create_time", "o.create_time", kTime},
          {"update_time", "o.update_time", kTime}};
}

}  // namespace

absl::StatusOr<ListOrdersCommand> ParseListOrders(const rpc::Call& call, const v1::ListOrdersRequest& request) {
  FieldViolations violations;
  ListOrdersCommand command;
  if (request.parent() != kAllPartners) {
    command.partner = rpc::RequireName(violations, "parent", kPartnerName, request.parent())[0];
  }
  command.list = rpc::RequireListing(violations, call, request, OrderFilterFields());
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.partner.value_or(Uuid())));
  return command;
}

absl::StatusOr<v1::ListOrdersResponse> OrderListHandlers::List(const rpc::Call& call,
                                                               const ListOrdersCommand& command) {
  ASSIGN_OR_RETURN(const mysql::Page<Order> page, orders_.List(call.deadline(), command.partner, command.list.page));
  v1::ListOrdersResponse reply;
  for (const Order& order : page.items) *reply.add_orders() = ToProto(order);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

}  // namespace countersign::order
