#include "billing-service/src/api/charge_service.h"

#include <iterator>
#include <utility>
#include <vector>

#include "billing-service/src/api/account_events.h"
#include "billing-service/src/api/charge_messages.h"
#include "billing-service/src/domain/charge.h"
#include "billing-service/src/domain/payment_method.h"
#include "common/base/status_macros.h"

namespace countersign::billing {

absl::StatusOr<v1::Charge> ChargeService::ChargeOne(const rpc::Call& call, const rpc::NamedResource& invoice) {
  RETURN_IF_ERROR(CheckProcessor(has_processor_));
  ASSIGN_OR_RETURN(AccountState state, books_.Read(call.deadline(), invoice.tenant, {invoice.id}));
  ASSIGN_OR_RETURN(const std::vector<Charge> attempts,
                   charges_.ListOfInvoice(call.deadline(), invoice.tenant, invoice.id));
  ASSIGN_OR_RETURN(const ChargeRequest request, BeginCharge(std::move(state), invoice.id, attempts, call.now()));
  const Charge& charge = request.charge;
  v1::Charge reply = ToProto(charge);
  if (call.validate_only()) return reply;
  std::vector<events::Event> events = {call.MakeEvent({.aggregate = charge.id,
                                                       .version = charge.version,
                                                       .type = EventTypeOf(charge),
                                                       .payload = EventOf(charge),
                                                       .resource = reply,
                                                       .reason = invoice.reason})};
  std::vector<events::Event> more =
      AccountEvents(call, request.change, kChargeRequestedOfAccount, AboutCharge(charge), invoice.reason);
  events.insert(events.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> rows, RowsOf(request.change));
  rows.push_back(ChargeStore::Row(charge));
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(), call.ChangeOf({.rows = std::move(rows), .events = std::move(events), .reply = reply})));
  return reply;
}

absl::StatusOr<v1::Charge> ChargeService::Get(const rpc::Call& call, const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const Charge charge, charges_.Get(call.deadline(), named.tenant, named.id));
  return ToProto(charge);
}

absl::StatusOr<v1::ListChargesResponse> ChargeService::List(const rpc::Call& call,
                                                            const ListChargesCommand& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<Charge> page, charges_.List(call.deadline(), command.account, command.list.page));
  v1::ListChargesResponse reply;
  for (const Charge& charge : page.items) *reply.add_charges() = ToProto(charge);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

}  // namespace countersign::billing
