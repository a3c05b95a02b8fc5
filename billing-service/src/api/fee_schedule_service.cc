#include "billing-service/src/api/fee_schedule_service.h"

#include <vector>

#include "billing-service/src/api/fee_schedule_messages.h"
#include "billing-service/src/api/version_act.h"
#include "common/base/date.h"
#include "common/base/status_macros.h"

namespace countersign::billing {

absl::StatusOr<v1::FeeSchedule> FeeScheduleService::Create(const rpc::Call& call,
                                                           const CreateFeeScheduleCommand& command) {
  const FeeSchedule& version = command.version;
  ASSIGN_OR_RETURN(const std::vector<FeeSchedule> versions, versions_.ReadAll(call.deadline()));
  RETURN_IF_ERROR(CheckNewSchedule(version, versions, DateOf(call.now())));
  const v1::FeeSchedule reply = ToProto(version);
  RETURN_IF_ERROR(
      CommitVersion(call, committer_, version, "FEE_SCHEDULE_CREATED", FeeScheduleStore::Row(version), reply));
  versions_.Forget();
  return reply;
}

absl::StatusOr<v1::FeeSchedule> FeeScheduleService::Get(const rpc::Call& call, const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const FeeSchedule version, versions_.Get(call.deadline(), named.id));
  return ToProto(version);
}

absl::StatusOr<v1::ListFeeSchedulesResponse> FeeScheduleService::List(const rpc::Call& call,
                                                                      const rpc::ListRequest& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<FeeSchedule> page, versions_.List(call.deadline(), command.list.page));
  v1::ListFeeSchedulesResponse reply;
  for (const FeeSchedule& version : page.items) *reply.add_fee_schedules() = ToProto(version);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

}  // namespace countersign::billing
