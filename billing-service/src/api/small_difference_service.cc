#include "billing-service/src/api/small_difference_service.h"

#include <vector>

#include "billing-service/src/api/small_difference_messages.h"
#include "billing-service/src/api/version_act.h"
#include "common/base/date.h"
#include "common/base/status_macros.h"

namespace countersign::billing {

absl::StatusOr<v1::SmallDifference> SmallDifferenceService::Create(const rpc::Call& call,
                                                                   const CreateSmallDifferenceCommand& command) {
  const SmallDifference& version = command.version;
  ASSIGN_OR_RETURN(const std::vector<SmallDifference> versions,
                   versions_.ReadOf(call.deadline(), version.limit.currency()));
  RETURN_IF_ERROR(CheckNewVersion(version, versions, DateOf(call.now())));
  const v1::SmallDifference reply = ToProto(version);
  RETURN_IF_ERROR(
      CommitVersion(call, committer_, version, "SMALL_DIFFERENCE_CREATED", SmallDifferenceStore::Row(version), reply));
  versions_.Forget();
  return reply;
}

absl::StatusOr<v1::SmallDifference> SmallDifferenceService::Get(const rpc::Call& call,
                                                                const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const SmallDifference rate, versions_.Get(call.deadline(), named.id));
  return ToProto(rate);
}

absl::StatusOr<v1::ListSmallDifferencesResponse> SmallDifferenceService::List(const rpc::Call& call,
                                                                              const rpc::ListRequest& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<SmallDifference> page, versions_.List(call.deadline(), command.list.page));
  v1::ListSmallDifferencesResponse reply;
  for (const SmallDifference& rate : page.items) *reply.add_small_differences() = ToProto(rate);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

}  // namespace countersign::billing
