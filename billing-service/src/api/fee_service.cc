#include "billing-service/src/api/fee_service.h"

#include <utility>
#include <vector>

#include "billing-service/src/api/explanation_messages.h"
#include "billing-service/src/api/fee_give_back.h"
#include "billing-service/src/api/fee_messages.h"
#include "billing-service/src/domain/partner_state.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"

namespace countersign::billing {

absl::StatusOr<v1::ListFeesResponse> FeeService::List(const rpc::Call& call, const rpc::ListRequest& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<FeeEntry> page, fees_.List(call.deadline(), command.parent, command.list.page));
  v1::ListFeesResponse reply;
  for (const FeeEntry& fee : page.items) *reply.add_fees() = ToProto(fee);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<v1::Fee> FeeService::Get(const rpc::Call& call, const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const FeeEntry fee, fees_.Get(call.deadline(), named.tenant, named.id));
  return ToProto(fee);
}

absl::StatusOr<v1::Explanation> FeeService::Explain(const rpc::Call& call, const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const FeeEntry fee, fees_.Get(call.deadline(), named.tenant, named.id));
  ASSIGN_OR_RETURN(const FeeSchedules schedules, fee_schedules_.Recall(call.deadline()));
  ASSIGN_OR_RETURN(const FeeSchedule* const schedule, ScheduleFor(schedules, LineStartOf(fee)));
  ASSIGN_OR_RETURN(const Explanation explanation, billing::ExplainFee(fee, *schedule));
  return ToProto(explanation);
}

absl::StatusOr<v1::ExportFeesResponse> FeeService::Export(const rpc::Call& call,
                                                          const rpc::ListRequest& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<FeeEntry> page, fees_.List(call.deadline(), command.parent, command.list.page));
  ASSIGN_OR_RETURN(const std::vector<OrderLabel> labels, labels_.OfFees(call.deadline(), command.parent, page.items));
  v1::ExportFeesResponse reply;
  reply.set_csv(FeesCsv(page.items, labels, /*with_header=*/command.list.page.after.empty()));
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<v1::Fee> FeeService::Adjust(const rpc::Call& call, const AdjustFeeCommand& command) {
  ASSIGN_OR_RETURN(const FeeEntry fee, fees_.Get(call.deadline(), command.tenant, command.id));
  ASSIGN_OR_RETURN(const std::vector<FeeEntry> entries, fees_.ListOfSegment(call.deadline(), fee));
  ASSIGN_OR_RETURN(const FeeEntry adjusted,
                   billing::AdjustFee(fee, entries, command.amount, command.reason, call.now()));
  ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> rows, FeeStore::AccruedRows(adjusted));
  const v1::Fee reply = ToProto(adjusted);
  const events::Event event = call.MakeEvent({.aggregate = adjusted.id,
                                              .version = adjusted.version,
                                              .type = "FEE_ADJUSTED",
                                              .payload = EventOf(adjusted),
                                              .resource = reply,
                                              .reason = command.reason});
  RETURN_IF_ERROR(
      committer_.Commit(call.deadline(), call.ChangeOf({.rows = std::move(rows), .events = {event}, .reply = reply})));
  // A reversal may have come in between.
  const absl::Status given_back = GiveBackCorrections(fees_, committer_,
                                                      {.service = "billing-service",
                                                       .now = call.now(),
                                                       .on_behalf_of = call.caller().name,
                                                       .trace_id = call.trace_id()},
                                                      adjusted, call.deadline());
  if (!given_back.ok()) {
    Log(Level::kError, "a correction may be left below its fee",
        {{"fee", adjusted.id.ToString()}, {"error", given_back.ToString()}});
  }
  return reply;
}

}  // namespace countersign::billing
