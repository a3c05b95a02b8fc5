#include "billing-service/src/api/billing_run_service.h"

#include <utility>
#include <vector>

#include "billing-service/src/api/billing_run_messages.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"

namespace countersign::billing {

absl::StatusOr<RunBillingCommand> ParseRunBilling(const rpc::Call& call, const v1::RunBillingRequest& request) {
  FieldViolations violations;
  RunBillingCommand command;
  command.tenant = call.DerivedId("billing-run");
  const Date today = DateOf(call.now());
  command.date = today;
  if (request.has_bill_date()) {
    command.date = rpc::RequireDate(violations, "bill_date", true, request.bill_date());
    if (command.date > today) violations.Add("bill_date", "must not be after today");
  }
  command.reason = rpc::RequireText(violations, "reason", request.reason(), 1, rpc::kMaxReasonChars);
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<v1::BillingRun> BillingRunService::Run(const rpc::Call& call, const RunBillingCommand& command) {
  BillingRun run;
  run.id = command.tenant;
  run.date = command.date;
  run.reason = command.reason;
  run.create_time = call.now();
  const v1::BillingRun reply = ToProto(run);
  if (call.validate_only()) return reply;
  std::vector<mysql::RowWrite> rows = {BillingRunStore::Row(run)};
  for (int64_t bucket = 0; bucket < events::kBuckets; ++bucket) {
    BillingRunShare share;
    share.run = run.id;
    share.bucket = bucket;
    share.date = run.date;
    share.update_time = run.create_time;
    rows.push_back(BillingRunStore::Row(share));
  }
  const events::Event event = call.MakeEvent({.aggregate = run.id,
                                              .version = run.version,
                                              .type = "BILLING_RUN_STARTED",
                                              .payload = EventOf(run),
                                              .resource = reply,
                                              .reason = command.reason});
  RETURN_IF_ERROR(
      committer_.Commit(call.deadline(), call.ChangeOf({.rows = std::move(rows), .events = {event}, .reply = reply})));
  return reply;
}

absl::StatusOr<v1::BillingRun> BillingRunService::Get(const rpc::Call& call, const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const BillingRun run, runs_.Get(call.deadline(), named.id));
  ASSIGN_OR_RETURN(const int64_t remaining, runs_.CountDueAccounts(call.deadline(), run.date));
  v1::BillingRun reply = ToProto(run);
  reply.set_remaining_count(remaining);
  return reply;
}

absl::StatusOr<v1::ListBillingRunsResponse> BillingRunService::List(const rpc::Call& call,
                                                                    const rpc::ListRequest& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<BillingRun> page, runs_.List(call.deadline(), command.list.page));
  v1::ListBillingRunsResponse reply;
  for (const BillingRun& run : page.items) *reply.add_billing_runs() = ToProto(run);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

}  // namespace countersign::billing
