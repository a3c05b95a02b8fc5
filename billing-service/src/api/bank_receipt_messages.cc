#include "billing-service/src/api/bank_receipt_messages.h"

#include <cstdint>
#include <optional>

#include "billing-service/src/domain/names.h"
#include "common/rpc/convert.h"
#include "common/rpc/etag.h"
#include "common/rpc/names.h"

namespace countersign::billing {
namespace {

v1::BankReceipt::State ToProto(BankReceiptState state) {
  return rpc::EnumNamed<v1::BankReceipt::State>("STATE_", NameOf(state));
}

}  // namespace

v1::BankReceipt ToProto(const BankReceipt& receipt) {
  const BankReceiptIdentity& identity = receipt.identity;
  v1::BankReceipt message;
  message.set_name(rpc::FormatName(kReceiptName, {receipt.id}));
  message.set_external_reference(identity.external_reference);
  message.set_receiving_bank_account(identity.receiving_bank_account);
  *message.mutable_booking_date() = rpc::ToProto(identity.booking_date);
  message.set_line(static_cast<int32_t>(identity.line));
  *message.mutable_amount() = rpc::ToProto(receipt.amount);
  *message.mutable_value_date() = rpc::ToProto(receipt.value_date);
  if (receipt.account.has_value()) {
    message.set_billing_account(rpc::FormatName(kAccountName, {*receipt.account}));
    if (receipt.invoice.has_value()) {
      message.set_invoice(rpc::FormatName(kInvoiceName, {*receipt.account, *receipt.invoice}));
    }
  }
  *message.mutable_create_time() = rpc::ToProto(receipt.create_time);
  message.set_state(ToProto(receipt.state));
  message.set_etag(rpc::EtagOf(receipt.version));
  return message;
}

v1::BankReceiptEvent EventOf(const BankReceipt& receipt, const BankReceipt& allocated) {
  v1::BankReceiptEvent event;
  event.set_bank_receipt(rpc::FormatName(kReceiptName, {receipt.id}));
  event.set_version(receipt.version);
  event.set_state(ToProto(receipt.state));
  const std::optional<Uuid> payment = PaymentOf(allocated);
  if (!payment.has_value() || !allocated.account.has_value()) return event;
  event.set_billing_account(rpc::FormatName(kAccountName, {*allocated.account}));
  event.set_payment(rpc::FormatName(kPaymentName, {*allocated.account, *payment}));
  if (allocated.invoice.has_value()) {
    event.set_invoice(rpc::FormatName(kInvoiceName, {*allocated.account, *allocated.invoice}));
  }
  return event;
}

}  // namespace countersign::billing
