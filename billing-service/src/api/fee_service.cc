#include "billing-service/src/api/fee_handlers.h"

#include <vector>

#include "billing-service/src/api/billing_messages.h"
#include "billing-service/src/api/names.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"

namespace countersign::billing {
namespace {

std::vector<mysql::FilterField> FeeFilterFields() {
  using enum mysql::FilterType;
  return {{"state", "state", kEnum, {"ACCRUED", "HELD"}},
          {"invoice", "invoice_id", kName, {kInvoiceName}},
          {"subscription", "subscription_id", kName, {kSubscriptionName}},
          {"rate_basis_points", "rate_basis_points", kInt},
          {"accrue_time", "accrue_time", kTime}};
}

}  // namespace

absl::StatusOr<ListFees> ParseListFees(const rpc::Call& call, const v1::ListFeesRequest& request) {
  FieldViolations violations;
  ListFees command;
  command.partner = rpc::RequireName(violations, "parent", kPartnerName, request.parent())[0];
  command.list = rpc::RequireListing(violations, call, request, FeeFilterFields());
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.partner));
  return command;
}

absl::StatusOr<v1::ListFeesResponse> FeeHandlers::List(const rpc::Call& call, const ListFees& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<FeeEntry> page, fees_.List(call.deadline(), command.partner, command.list.page));
  v1::ListFeesResponse reply;
  for (const FeeEntry& fee : page.items) *reply.add_fees() = ToProto(fee);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

}  // namespace countersign::billing
