#include "billing-service/src/api/notice_service.h"

#include <utility>

#include "billing-service/src/api/notice_messages.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/etag.h"

namespace countersign::billing {

absl::StatusOr<v1::Notice> NoticeService::Get(const rpc::Call& call, const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const Notice notice, notices_.Get(call.deadline(), named.tenant, named.id));
  return ToProto(notice);
}

absl::StatusOr<v1::ListNoticesResponse> NoticeService::List(const rpc::Call& call, const AccountList& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<Notice> page, notices_.List(call.deadline(), command.account, command.list.page));
  v1::ListNoticesResponse reply;
  for (const Notice& notice : page.items) *reply.add_notices() = ToProto(notice);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<v1::Notice> NoticeService::Move(NoticeState to, const rpc::Call& call, const rpc::NamedResource& named) {
  ASSIGN_OR_RETURN(Notice notice, notices_.Get(call.deadline(), named.tenant, named.id));
  RETURN_IF_ERROR(rpc::CheckEtag(named.etag, notice.version));
  ASSIGN_OR_RETURN(const BillingAccount account, accounts_.Get(call.deadline(), notice.account));
  RETURN_IF_ERROR(CheckNotErased(account));
  // A notice that was not sent yet cannot come back: only the worker bounces it.
  if (to == NoticeState::kBounced && notice.state == NoticeState::kQueued) {
    return FailedPrecondition("NOTICE_STATE", "The notice is QUEUED and was not sent yet. Wait until it is SENT.",
                              {{"state", "QUEUED"}});
  }
  ASSIGN_OR_RETURN(notice, MoveNotice(std::move(notice), to, named.reason, call.now()));
  v1::Notice reply = ToProto(notice);
  const events::Event moved = call.MakeEvent({.aggregate = notice.id,
                                              .version = notice.version,
                                              .type = NoticeEventType(notice),
                                              .payload = EventOf(notice),
                                              .resource = reply,
                                              .reason = named.reason});
  RETURN_IF_ERROR(committer_.Commit(call.deadline(),
                                    call.ChangeOf({.rows = {NoticeStore::Row(notice)},
                                                   .events = {moved},
                                                   .reply = reply,
                                                   .guards = {BillingAccountStore::IsNotErased(notice.account)}})));
  return reply;
}

}  // namespace countersign::billing
