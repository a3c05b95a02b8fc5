#include "billing-service/src/api/bank_receipt_service.h"

#include <optional>

#include "billing-service/src/api/bank_receipt_messages.h"
#include "common/base/status_macros.h"

namespace countersign::billing {

absl::Status BankReceiptService::Check(const rpc::Call& call, const BankReceipt& receipt) const {
  ASSIGN_OR_RETURN(const BillingAccount account, accounts_.Get(call.deadline(), receipt.account));
  RETURN_IF_ERROR(CheckCurrency(account, receipt.amount.currency()));
  if (receipt.invoice.has_value()) {
    RETURN_IF_ERROR(invoices_.Get(call.deadline(), receipt.account, *receipt.invoice).status());
  }
  ASSIGN_OR_RETURN(const std::optional<Uuid> owner,
                   receipts_.FindReference(call.deadline(), receipt.external_reference));
  if (owner.has_value() && *owner != receipt.id) return ExternalReferenceTaken(receipt.external_reference);
  return absl::OkStatus();
}

absl::StatusOr<v1::BankReceipt> BankReceiptService::Create(const rpc::Call& call,
                                                           const CreateBankReceiptCommand& command) {
  const BankReceipt& receipt = command.receipt;
  RETURN_IF_ERROR(Check(call, receipt));
  v1::BankReceipt reply = ToProto(receipt);
  if (call.validate_only()) return reply;
  RETURN_IF_ERROR(receipts_.Reserve(call.deadline(), receipt.external_reference, receipt.id));
  const events::Event created = call.MakeEvent({.aggregate = receipt.id,
                                                .version = receipt.version,
                                                .type = "BANK_RECEIPT_CREATED",
                                                .payload = EventOf(receipt),
                                                .resource = reply});
  RETURN_IF_ERROR(committer_.Commit(
      call.deadline(), call.ChangeOf({.rows = {BankReceiptStore::Row(receipt)}, .events = {created}, .reply = reply})));
  return reply;
}

}  // namespace countersign::billing
