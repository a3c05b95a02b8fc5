#include "billing-service/src/api/bank_receipt_messages.h"

#include "billing-service/src/domain/names.h"
#include "common/rpc/convert.h"
#include "common/rpc/names.h"

namespace countersign::billing {

v1::BankReceipt ToProto(const BankReceipt& receipt) {
  v1::BankReceipt message;
  message.set_name(rpc::FormatName(kReceiptName, {receipt.id}));
  message.set_external_reference(receipt.external_reference);
  *message.mutable_amount() = rpc::ToProto(receipt.amount);
  *message.mutable_value_date() = rpc::ToProto(receipt.value_date);
  message.set_billing_account(rpc::FormatName(kAccountName, {receipt.account}));
  if (receipt.invoice.has_value()) {
    message.set_invoice(rpc::FormatName(kInvoiceName, {receipt.account, *receipt.invoice}));
  }
  *message.mutable_create_time() = rpc::ToProto(receipt.create_time);
  return message;
}

v1::BankReceiptEvent EventOf(const BankReceipt& receipt) {
  v1::BankReceiptEvent event;
  event.set_bank_receipt(rpc::FormatName(kReceiptName, {receipt.id}));
  event.set_version(receipt.version);
  event.set_billing_account(rpc::FormatName(kAccountName, {receipt.account}));
  if (receipt.invoice.has_value()) {
    event.set_invoice(rpc::FormatName(kInvoiceName, {receipt.account, *receipt.invoice}));
  }
  return event;
}

}  // namespace countersign::billing
