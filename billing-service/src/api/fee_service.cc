#include "billing-service/src/api/fee_service.h"

#include "billing-service/src/api/fee_messages.h"
#include "common/base/status_macros.h"

namespace countersign::billing {

absl::StatusOr<v1::ListFeesResponse> FeeService::List(const rpc::Call& call, const rpc::ListRequest& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<FeeEntry> page, fees_.List(call.deadline(), command.parent, command.list.page));
  v1::ListFeesResponse reply;
  for (const FeeEntry& fee : page.items) *reply.add_fees() = ToProto(fee);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

}  // namespace countersign::billing
