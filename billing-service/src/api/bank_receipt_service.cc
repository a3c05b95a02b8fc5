#include "billing-service/src/api/bank_receipt_handlers.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "billing-service/src/api/billing_account_handlers.h"
#include "billing-service/src/api/billing_messages.h"
#include "billing-service/src/api/invoice_handlers.h"
#include "billing-service/src/api/names.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"

namespace countersign::billing {
namespace {

constexpr size_t kMaxReferenceChars = 64;

std::string RequireReference(FieldViolations& violations, const std::string& value) {
  const bool printable = std::all_of(value.begin(), value.end(), absl::ascii_isprint);
  const bool spaced = !value.empty() && (value.front() == ' ' || value.back() == ' ');
  if (value.empty() || value.size() > kMaxReferenceChars || !printable || spaced) {
    violations.Add("bank_receipt.external_reference",
                   "must be 1 to 64 printable ASCII characters, without a space at either end");
  }
  return value;
}

Money RequireAmount(FieldViolations& violations, const v1::BankReceipt& receipt) {
  const Money amount = rpc::RequireMoney(violations, "bank_receipt.amount", receipt.has_amount(), receipt.amount());
  // A bank moves whole cents: anything finer would leave an invoice unpaid by less than can be paid.
  if (amount.micros() > 0 && amount.TimesRounded(1).value_or(Money()) != amount) {
    violations.Add("bank_receipt.amount", "must be whole minor units of its currency");
  }
  return amount;
}

}  // namespace

absl::StatusOr<CreateBankReceipt> ParseCreateBankReceipt(const rpc::Call& call,
                                                         const v1::CreateBankReceiptRequest& request) {
  FieldViolations violations;
  const v1::BankReceipt& proto = request.bank_receipt();
  CreateBankReceipt command;
  BankReceipt& receipt = command.receipt;
  receipt.external_reference = RequireReference(violations, proto.external_reference());
  receipt.amount = RequireAmount(violations, proto);
  receipt.value_date =
      rpc::RequireDate(violations, "bank_receipt.value_date", proto.has_value_date(), proto.value_date());
  receipt.account =
      rpc::RequireName(violations, "bank_receipt.billing_account", kAccountName, proto.billing_account())[0];
  if (!proto.invoice().empty()) {
    const std::vector<Uuid> ids = rpc::RequireName(violations, "bank_receipt.invoice", kInvoiceName, proto.invoice());
    if (!ids[1].is_nil() && !receipt.account.is_nil() && ids[0] != receipt.account) {
      violations.Add("bank_receipt.invoice", "must be an invoice of billing_account");
    }
    receipt.invoice = ids[1];
  }
  RETURN_IF_ERROR(violations.ToStatus());
  receipt.id = call.DerivedId("bank_receipt");
  receipt.create_time = call.now();
  command.tenant = receipt.id;
  return command;
}

absl::Status BankReceiptHandlers::Check(const rpc::Call& call, const BankReceipt& receipt) const {
  ASSIGN_OR_RETURN(const std::optional<BillingAccount> account, accounts_.Find(call.deadline(), receipt.account));
  if (!account.has_value()) return BillingAccountNotFound(receipt.account);
  if (receipt.amount.currency() != account->currency) {
    return FailedPrecondition("CURRENCY_MISMATCH", absl::StrCat("the billing account is in ", account->currency),
                              {{"accountCurrency", account->currency}, {"currency", receipt.amount.currency()}});
  }
  if (receipt.invoice.has_value()) {
    ASSIGN_OR_RETURN(const std::optional<Invoice> invoice,
                     invoices_.Find(call.deadline(), receipt.account, *receipt.invoice));
    if (!invoice.has_value()) return InvoiceNotFound(receipt.account, *receipt.invoice);
  }
  ASSIGN_OR_RETURN(const std::optional<Uuid> owner,
                   receipts_.FindReference(call.deadline(), receipt.external_reference));
  if (owner.has_value() && *owner != receipt.id) return ExternalReferenceTaken(receipt.external_reference);
  return absl::OkStatus();
}

absl::StatusOr<v1::BankReceipt> BankReceiptHandlers::Create(const rpc::Call& call,
                                                            const CreateBankReceipt& command) const {
  const BankReceipt& receipt = command.receipt;
  RETURN_IF_ERROR(Check(call, receipt));
  v1::BankReceipt reply = ToProto(receipt);
  if (call.validate_only()) return reply;
  RETURN_IF_ERROR(receipts_.Reserve(call.deadline(), receipt.external_reference, receipt.id));
  const events::Change change = call.MakeChange(
      {call.MakeEvent(receipt.id, receipt.id, /*version=*/1, "BANK_RECEIPT_CREATED", EventOf(receipt), reply)}, reply);
  RETURN_IF_ERROR(receipts_.Create(call.deadline(), change, receipt));
  return reply;
}

}  // namespace countersign::billing
