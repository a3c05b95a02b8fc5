#include "billing-service/src/api/bank_receipt_service.h"

#include <optional>
#include <utility>

#include "billing-service/src/api/bank_receipt_messages.h"
#include "billing-service/src/domain/settlement.h"
#include "common/base/status_macros.h"
#include "common/rpc/etag.h"

namespace countersign::billing {

absl::Status BankReceiptService::CheckPayer(const rpc::Call& call, const BankReceipt& receipt) const {
  if (!receipt.account.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const BillingAccount account, accounts_.Get(call.deadline(), *receipt.account));
  RETURN_IF_ERROR(CheckCurrency(account, receipt.amount.currency()));
  if (!receipt.invoice.has_value()) return absl::OkStatus();
  return invoices_.Get(call.deadline(), *receipt.account, *receipt.invoice).status();
}

absl::StatusOr<v1::BankReceipt> BankReceiptService::Create(const rpc::Call& call,
                                                           const CreateBankReceiptCommand& command) {
  const BankReceipt& receipt = command.receipt;
  RETURN_IF_ERROR(CheckPayer(call, receipt));
  v1::BankReceipt reply = ToProto(receipt);
  if (call.validate_only()) {
    RETURN_IF_ERROR(receipts_.CheckFree(call.deadline(), receipt));
    return reply;
  }
  RETURN_IF_ERROR(receipts_.Reserve(call.deadline(), receipt));
  const events::Event created = call.MakeEvent({.aggregate = receipt.id,
                                                .version = receipt.version,
                                                .type = "BANK_RECEIPT_CREATED",
                                                .payload = EventOf(receipt, receipt),
                                                .resource = reply});
  RETURN_IF_ERROR(committer_.Commit(call.deadline(), call.ChangeOf({.rows = {BankReceiptStore::Row(receipt)},
                                                                    .events = {created},
                                                                    .reply = reply,
                                                                    .also = [&receipt](mysql::Connection& connection) {
                                                                      return BankReceiptStore::HoldReservation(
                                                                          connection, receipt);
                                                                    }})));
  return reply;
}

absl::StatusOr<v1::BankReceipt> BankReceiptService::Get(const rpc::Call& call, const rpc::NamedResource& named) const {
  ASSIGN_OR_RETURN(const BankReceipt receipt, receipts_.Get(call.deadline(), named.id));
  return ToProto(receipt);
}

absl::StatusOr<v1::ListBankReceiptsResponse> BankReceiptService::List(const rpc::Call& call,
                                                                      const rpc::ListRequest& command) const {
  ASSIGN_OR_RETURN(const mysql::Page<BankReceipt> page, receipts_.List(call.deadline(), command.list.page));
  v1::ListBankReceiptsResponse reply;
  for (const BankReceipt& receipt : page.items) *reply.add_bank_receipts() = ToProto(receipt);
  reply.set_next_page_token(rpc::NextPageToken(call, command.list, page.next));
  return reply;
}

absl::StatusOr<v1::BankReceipt> BankReceiptService::Allocate(const rpc::Call& call,
                                                             const AllocateBankReceiptCommand& command) {
  ASSIGN_OR_RETURN(const BankReceipt receipt, Read(call, command.tenant, command.etag));
  ASSIGN_OR_RETURN(const BankReceipt next, AllocateTo(receipt, command.account, command.invoice));
  RETURN_IF_ERROR(CheckPayer(call, next));
  return Save(call, receipt, next, "BANK_RECEIPT_ALLOCATED", "");
}

absl::StatusOr<v1::BankReceipt> BankReceiptService::Unapply(const rpc::Call& call, const rpc::NamedResource& named) {
  ASSIGN_OR_RETURN(const BankReceipt receipt, Read(call, named.id, named.etag));
  ASSIGN_OR_RETURN(const BankReceipt next, billing::Unapply(receipt));
  RETURN_IF_ERROR(CheckStillThere(call, receipt));
  return Save(call, receipt, next, "BANK_RECEIPT_UNAPPLIED", named.reason);
}

absl::StatusOr<v1::BankReceipt> BankReceiptService::Reverse(const rpc::Call& call, const rpc::NamedResource& named) {
  ASSIGN_OR_RETURN(const BankReceipt receipt, Read(call, named.id, named.etag));
  ASSIGN_OR_RETURN(const BankReceipt next, billing::Reverse(receipt));
  return Save(call, receipt, next, "BANK_RECEIPT_REVERSED", named.reason);
}

absl::Status BankReceiptService::CheckStillThere(const rpc::Call& call, const BankReceipt& receipt) const {
  const std::optional<Uuid> id = PaymentOf(receipt);
  if (!id.has_value() || !receipt.account.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::optional<Payment> payment, payments_.Find(call.deadline(), *receipt.account, *id));
  if (!payment.has_value()) return absl::OkStatus();  // It was not used yet.
  ASSIGN_OR_RETURN(AccountBookStore::WithUses read, books_.ReadForReversal(call.deadline(), *payment));
  ASSIGN_OR_RETURN(const Settlement reversal,
                   ReversePayment(std::move(read.state), *std::move(payment), std::move(read.uses), call.now()));
  return CheckNothingRefunded(reversal);
}

absl::StatusOr<BankReceipt> BankReceiptService::Read(const rpc::Call& call, const Uuid& receipt,
                                                     absl::string_view etag) const {
  ASSIGN_OR_RETURN(BankReceipt found, receipts_.Get(call.deadline(), receipt));
  RETURN_IF_ERROR(rpc::CheckEtag(etag, found.version));
  return found;
}

absl::StatusOr<v1::BankReceipt> BankReceiptService::Save(const rpc::Call& call, const BankReceipt& before,
                                                         const BankReceipt& next, absl::string_view event_type,
                                                         absl::string_view reason) {
  v1::BankReceipt reply = ToProto(next);
  const BankReceipt& allocated = next.account.has_value() ? next : before;
  const events::Event event = call.MakeEvent({.aggregate = next.id,
                                              .version = next.version,
                                              .type = event_type,
                                              .payload = EventOf(next, allocated),
                                              .resource = reply,
                                              .reason = reason});
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(), call.ChangeOf({.rows = {BankReceiptStore::Row(next)}, .events = {event}, .reply = reply})));
  return reply;
}

}  // namespace countersign::billing
