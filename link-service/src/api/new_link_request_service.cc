#include "link-service/src/api/new_link_request_service.h"

#include "common/base/status_macros.h"
#include "common/rpc/page.h"
#include "link-service/src/api/new_link_request_messages.h"

namespace countersign::link {

absl::StatusOr<v1::ListNewLinkRequestsResponse> NewLinkRequestService::List(const rpc::Call& call,
                                                                            const rpc::ListRequest& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<NewLinkRequest> page,
                   requests_.List(call.deadline(), command.parent, command.list.page));
  v1::ListNewLinkRequestsResponse reply;
  for (const NewLinkRequest& request : page.items) *reply.add_new_link_requests() = ToProto(request);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

}  // namespace countersign::link
