#include "billing-service/src/api/refund_service.h"

#include <utility>
#include <vector>

#include "billing-service/src/api/account_events.h"
#include "billing-service/src/api/refund_messages.h"
#include "billing-service/src/domain/account_book.h"
#include "billing-service/src/store/account_book_store.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

// The refund's, then the account's.
std::vector<events::Event> RefundEvents(const rpc::Call& call, const AccountChange& change, const Refund& refund,
                                        const v1::Refund& resource) {
  std::vector<events::Event> events = {call.MakeEvent({.aggregate = refund.id,
                                                       .version = refund.version,
                                                       .type = "REFUND_CREATED",
                                                       .payload = EventOf(refund),
                                                       .resource = resource,
                                                       .reason = refund.reason})};
  v1::BillingAccountEvent about;
  about.set_refund(resource.name());
  AppendEvents(events, AccountEvents(call, change, "CREDIT_REFUNDED", about, refund.reason));
  return events;
}

}  // namespace

absl::StatusOr<v1::Refund> RefundService::Create(const rpc::Call& call, const CreateRefundCommand& command) {
  const Refund& refund = command.refund;
  ASSIGN_OR_RETURN(const BillingAccount account, accounts_.Get(call.deadline(), refund.account));
  RETURN_IF_ERROR(refunds_.CheckFree(call.deadline(), refund));
  ASSIGN_OR_RETURN(const AccountChange change, RefundCredit(account, refund));
  v1::Refund reply = ToProto(refund);
  if (call.validate_only()) return reply;
  ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> rows, RowsOf(change));
  rows.push_back(RefundStore::Row(refund));
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(),
      call.ChangeOf({.rows = std::move(rows), .events = RefundEvents(call, change, refund, reply), .reply = reply})));
  return reply;
}

absl::StatusOr<v1::Refund> RefundService::Get(const rpc::Call& call, const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const Refund refund, refunds_.Get(call.deadline(), named.tenant, named.id));
  return ToProto(refund);
}

absl::StatusOr<v1::ListRefundsResponse> RefundService::List(const rpc::Call& call, const AccountList& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<Refund> page, refunds_.List(call.deadline(), command.account, command.list.page));
  v1::ListRefundsResponse reply;
  for (const Refund& refund : page.items) *reply.add_refunds() = ToProto(refund);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

}  // namespace countersign::billing
