#include "billing-service/src/api/dunning_service.h"

#include "billing-service/src/api/billing_account_messages.h"
#include "billing-service/src/api/dunning_messages.h"
#include "common/base/date.h"
#include "common/base/status_macros.h"
#include "common/rpc/etag.h"

namespace countersign::billing {

absl::StatusOr<v1::Dunning> DunningService::Get(const rpc::Call& call, const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const BillingAccount account, accounts_.Get(call.deadline(), named.tenant));
  ASSIGN_OR_RETURN(const Dunning dunning, dunnings_.Read(call.deadline(), account.id));
  return ToProto(dunning, account.version);
}

absl::StatusOr<v1::ListDunningsResponse> DunningService::List(const rpc::Call& call,
                                                              const rpc::ListRequest& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<Dunning> page, dunnings_.List(call.deadline(), command.list.page));
  v1::ListDunningsResponse reply;
  for (const Dunning& dunning : page.items) *reply.add_dunnings() = ToProto(dunning, /*account_version=*/0);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<v1::Dunning> DunningService::SetHold(const rpc::Call& call, const SetDunningHoldCommand& command) {
  // The account is read first: its version is the lock of what is read after it.
  ASSIGN_OR_RETURN(BillingAccount account, accounts_.Get(call.deadline(), command.tenant));
  RETURN_IF_ERROR(rpc::CheckEtag(command.etag, account.version));
  ASSIGN_OR_RETURN(Dunning dunning, dunnings_.Read(call.deadline(), account.id));
  RETURN_IF_ERROR(HoldDunning(dunning, command.hold_until, command.reason, DateOf(call.now())));
  if (dunning.create_time == absl::UnixEpoch()) dunning.create_time = call.now();
  dunning.update_time = call.now();
  ++account.version;
  account.update_time = call.now();
  const v1::Dunning reply = ToProto(dunning, account.version);
  v1::BillingAccountEvent payload = EventOf(account);
  payload.MergeFrom(AboutDunning(dunning));
  const events::Event held =
      call.MakeEvent({.aggregate = account.id,
                      .version = account.version,
                      .type = command.hold_until.has_value() ? "DUNNING_HOLD_SET" : "DUNNING_HOLD_ENDED",
                      .payload = payload,
                      .resource = reply,
                      .reason = command.reason});
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(), call.ChangeOf({.rows = {BillingAccountStore::Row(account), DunningStore::Row(dunning)},
                                      .events = {held},
                                      .reply = reply})));
  return reply;
}

}  // namespace countersign::billing
