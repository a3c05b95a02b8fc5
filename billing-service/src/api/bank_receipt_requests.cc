#include "billing-service/src/api/bank_receipt_requests.h"

#include <optional>
#include <vector>

#include "billing-service/src/api/money_field.h"
#include "billing-service/src/domain/names.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"

namespace countersign::billing {
namespace {

constexpr int kMaxReferenceChars = 64;

// The invoice that the payer named, if any.
std::optional<Uuid> RequireInvoice(FieldViolations& violations, const v1::BankReceipt& receipt, const Uuid& account) {
  if (receipt.invoice().empty()) return std::nullopt;
  const std::vector<Uuid> ids = rpc::RequireName(violations, "bank_receipt.invoice", kInvoiceName, receipt.invoice());
  if (!ids[1].is_nil() && !account.is_nil() && ids[0] != account) {
    violations.Add("bank_receipt.invoice", "must be an invoice of billing_account");
  }
  return ids[1];
}

}  // namespace

absl::StatusOr<CreateBankReceiptCommand> ParseCreateBankReceipt(const rpc::Call& call,
                                                                const v1::CreateBankReceiptRequest& request) {
  FieldViolations violations;
  const v1::BankReceipt& message = request.bank_receipt();
  BankReceipt receipt;
  receipt.external_reference = rpc::RequireAscii(violations, "bank_receipt.external_reference",
                                                 message.external_reference(), 1, kMaxReferenceChars);
  receipt.amount = RequireWholeMoney(violations, "bank_receipt.amount", message.has_amount(), message.amount());
  receipt.value_date =
      rpc::RequireDate(violations, "bank_receipt.value_date", message.has_value_date(), message.value_date());
  receipt.account =
      rpc::RequireName(violations, "bank_receipt.billing_account", kAccountName, message.billing_account())[0];
  receipt.invoice = RequireInvoice(violations, message, receipt.account);
  RETURN_IF_ERROR(violations.ToStatus());
  receipt.id = call.DerivedId("bank_receipt");
  receipt.create_time = call.now();
  return CreateBankReceiptCommand{.tenant = receipt.id, .receipt = receipt};
}

}  // namespace countersign::billing
