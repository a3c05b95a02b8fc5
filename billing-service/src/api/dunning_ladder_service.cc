#include "billing-service/src/api/dunning_ladder_service.h"

#include <vector>

#include "billing-service/src/api/dunning_ladder_messages.h"
#include "billing-service/src/api/version_act.h"
#include "common/base/date.h"
#include "common/base/status_macros.h"

namespace countersign::billing {

absl::StatusOr<v1::DunningLadder> DunningLadderService::Create(const rpc::Call& call,
                                                               const CreateDunningLadderCommand& command) {
  const DunningLadder& ladder = command.ladder;
  ASSIGN_OR_RETURN(const std::vector<DunningLadder> ladders, ladders_.ReadAll(call.deadline()));
  RETURN_IF_ERROR(CheckNewLadder(ladder, ladders, DateOf(call.now())));
  const v1::DunningLadder reply = ToProto(ladder);
  RETURN_IF_ERROR(
      CommitVersion(call, committer_, ladder, "DUNNING_LADDER_CREATED", DunningLadderStore::Row(ladder), reply));
  return reply;
}

absl::StatusOr<v1::DunningLadder> DunningLadderService::Get(const rpc::Call& call,
                                                            const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const DunningLadder ladder, ladders_.Get(call.deadline(), named.id));
  return ToProto(ladder);
}

absl::StatusOr<v1::ListDunningLaddersResponse> DunningLadderService::List(const rpc::Call& call,
                                                                          const rpc::ListRequest& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<DunningLadder> page, ladders_.List(call.deadline(), command.list.page));
  v1::ListDunningLaddersResponse reply;
  for (const DunningLadder& ladder : page.items) *reply.add_dunning_ladders() = ToProto(ladder);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

}  // namespace countersign::billing
