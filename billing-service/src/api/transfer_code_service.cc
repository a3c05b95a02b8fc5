#include "billing-service/src/api/transfer_code_service.h"

#include <optional>

#include "billing-service/src/api/transfer_code_messages.h"
#include "billing-service/src/domain/transfer_code.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::billing {

absl::StatusOr<v1::TransferCode> TransferCodeService::Create(const rpc::Call& call,
                                                             const CreateTransferCodeCommand& command) {
  ASSIGN_OR_RETURN(const Subscription subscription,
                   subscriptions_.Get(call.deadline(), command.tenant, command.subscription));
  ASSIGN_OR_RETURN(const std::optional<TransferCode> known, codes_.Find(call.deadline(), command.tenant, command.id));
  if (known.has_value()) {
    return AlreadyExists("TRANSFER_CODE_EXISTS", "There is such a transfer code already. Make a new code.");
  }
  ASSIGN_OR_RETURN(const TransferCode code, NewTransferCodeOf(subscription, command.id, call.now()));
  const v1::TransferCode reply = ToProto(code);
  RETURN_IF_ERROR(committer_.Commit(call.deadline(),
                                    call.ChangeOf({.rows = {TransferCodeStore::Row(code)},
                                                   .events = {TransferCodeChanged(call, code, "TRANSFER_CODE_CREATED")},
                                                   .reply = reply})));
  return reply;
}

absl::StatusOr<v1::TransferCode> TransferCodeService::Get(const rpc::Call& call,
                                                          const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const TransferCode code, codes_.Get(call.deadline(), named.tenant, named.id));
  return ToProto(code);
}

absl::StatusOr<v1::ListTransferCodesResponse> TransferCodeService::List(const rpc::Call& call,
                                                                        const rpc::ListRequest& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<TransferCode> page,
                   codes_.List(call.deadline(), command.parent, command.list.page));
  v1::ListTransferCodesResponse reply;
  for (const TransferCode& code : page.items) *reply.add_transfer_codes() = ToProto(code);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<v1::TransferCode> TransferCodeService::Resolve(const rpc::Call& call,
                                                              const ResolveTransferCodeCommand& command) const {
  ASSIGN_OR_RETURN(const TransferCode code, codes_.Resolve(call.deadline(), command.id));
  RETURN_IF_ERROR(CheckGood(code, call.now()));
  return ToProto(code);
}

}  // namespace countersign::billing
