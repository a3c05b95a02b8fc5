#include "billing-service/src/api/dunning_ladder_service.h"

#include <vector>

#include "billing-service/src/api/dunning_ladder_messages.h"
#include "common/base/date.h"
#include "common/base/status_macros.h"

namespace countersign::billing {

absl::StatusOr<v1::DunningLadder> DunningLadderService::Create(const rpc::Call& call,
                                                               const CreateDunningLadderCommand& command) {
  const DunningLadder& ladder = command.ladder;
  ASSIGN_OR_RETURN(const std::vector<DunningLadder> ladders, ladders_.ReadAll(call.deadline()));
  RETURN_IF_ERROR(CheckNewLadder(ladder, ladders, DateOf(call.now())));
  v1::DunningLadder reply = ToProto(ladder);
  if (call.validate_only()) return reply;
  const events::Event created = call.MakeEvent({.aggregate = ladder.id,
                                                .version = DunningLadder::version,
                                                .type = "DUNNING_LADDER_CREATED",
                                                .payload = EventOf(ladder),
                                                .resource = reply});
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(),
      call.ChangeOf({.rows = {DunningLadderStore::Row(ladder)}, .events = {created}, .reply = reply})));
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
