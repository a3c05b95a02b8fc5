#include "billing-service/src/api/charge_service.h"

#include <optional>
#include <utility>
#include <vector>

#include "billing-service/src/api/account_events.h"
#include "billing-service/src/api/charge_messages.h"
#include "billing-service/src/api/payment_events.h"
#include "billing-service/src/domain/payment_method.h"
#include "common/base/status_macros.h"
#include "common/rpc/etag.h"

namespace countersign::billing {
namespace {

events::Event ChargeChanged(const rpc::Call& call, const Charge& charge, const v1::Charge& resource,
                            absl::string_view reason) {
  return call.MakeEvent({.aggregate = charge.id,
                         .version = charge.version,
                         .type = EventTypeOf(charge),
                         .payload = EventOf(charge),
                         .resource = resource,
                         .reason = reason});
}

}  // namespace

absl::StatusOr<v1::Charge> ChargeService::ChargeOne(const rpc::Call& call, const rpc::NamedResource& invoice) {
  RETURN_IF_ERROR(CheckProcessor(has_processor_));
  ASSIGN_OR_RETURN(AccountState state, books_.Read(call.deadline(), invoice.tenant, {invoice.id}));
  ASSIGN_OR_RETURN(const std::vector<Charge> attempts,
                   charges_.ListOfInvoice(call.deadline(), invoice.tenant, invoice.id));
  ASSIGN_OR_RETURN(const ChargeRequest request, BeginCharge(std::move(state), invoice.id, attempts, call.now()));
  const Charge& charge = request.charge;
  v1::Charge reply = ToProto(charge);
  if (call.validate_only()) return reply;
  std::vector<events::Event> events = {ChargeChanged(call, charge, reply, invoice.reason)};
  AppendEvents(events,
               AccountEvents(call, request.change, kChargeRequestedOfAccount, AboutCharge(charge), invoice.reason));
  ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> rows, RowsOf(request.change));
  rows.push_back(ChargeStore::Row(charge));
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(), call.ChangeOf({.rows = std::move(rows), .events = std::move(events), .reply = reply})));
  return reply;
}

absl::StatusOr<v1::Charge> ChargeService::TakeBack(const rpc::Call& call, const rpc::NamedResource& named) {
  ASSIGN_OR_RETURN(const Charge charge, charges_.Get(call.deadline(), named.tenant, named.id));
  RETURN_IF_ERROR(rpc::CheckEtag(named.etag, charge.version));
  ASSIGN_OR_RETURN(const Charge next, ChargeBack(charge, call.now()));
  ASSIGN_OR_RETURN(std::optional<Payment> payment,
                   payments_.Find(call.deadline(), named.tenant, next.payment.value_or(Uuid())));
  if (!payment.has_value()) return absl::DataLossError("A charge that SUCCEEDED has no payment.");
  ASSIGN_OR_RETURN(AccountBookStore::WithUses read, books_.ReadForReversal(call.deadline(), *payment));
  ASSIGN_OR_RETURN(const Settlement reversal,
                   ReversePayment(std::move(read.state), *std::move(payment), std::move(read.uses), call.now()));
  return Save(call, next, reversal, named.reason);
}

absl::StatusOr<v1::Charge> ChargeService::Win(const rpc::Call& call, const rpc::NamedResource& named) {
  ASSIGN_OR_RETURN(const Charge charge, charges_.Get(call.deadline(), named.tenant, named.id));
  RETURN_IF_ERROR(rpc::CheckEtag(named.etag, charge.version));
  ASSIGN_OR_RETURN(const Charge next, WinBack(charge, call.now()));
  ASSIGN_OR_RETURN(const AccountState state, books_.Read(call.deadline(), named.tenant));
  ASSIGN_OR_RETURN(const Settlement settlement, SettleCharge(state, next, call.now()));
  return Save(call, next, settlement, named.reason);
}

absl::StatusOr<v1::Charge> ChargeService::Save(const rpc::Call& call, const Charge& charge,
                                               const Settlement& settlement, absl::string_view reason) {
  v1::Charge reply = ToProto(charge);
  std::vector<events::Event> events = {ChargeChanged(call, charge, reply, reason)};
  AppendEvents(events, PaymentEvents(call, settlement, reason));
  ASSIGN_OR_RETURN(std::vector<mysql::RowWrite> rows, PaymentStore::Rows(settlement));
  rows.push_back(ChargeStore::Row(charge));
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(), call.ChangeOf({.rows = std::move(rows), .events = std::move(events), .reply = reply})));
  return reply;
}

absl::StatusOr<v1::Charge> ChargeService::Get(const rpc::Call& call, const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const Charge charge, charges_.Get(call.deadline(), named.tenant, named.id));
  return ToProto(charge);
}

absl::StatusOr<v1::ListChargesResponse> ChargeService::List(const rpc::Call& call, const AccountList& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<Charge> page, charges_.List(call.deadline(), command.account, command.list.page));
  v1::ListChargesResponse reply;
  for (const Charge& charge : page.items) *reply.add_charges() = ToProto(charge);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

}  // namespace countersign::billing
