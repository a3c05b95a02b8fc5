#include "billing-service/src/api/bank_receipt_requests.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/money_field.h"
#include "billing-service/src/domain/names.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"

namespace countersign::billing {
namespace {

constexpr int kMaxReferenceChars = 64;

constexpr int kMaxBankAccountChars = 34;  // An IBAN.
constexpr int kMaxReceiptLine = 999'999;

// The invoice that the payer named, if any, of the account.
std::optional<Uuid> RequireInvoiceOf(FieldViolations& violations, absl::string_view field, const std::string& invoice,
                                     const Uuid& account) {
  if (invoice.empty()) return std::nullopt;
  const std::vector<Uuid> ids = rpc::RequireName(violations, field, kInvoiceName, invoice);
  if (!ids[1].is_nil() && ids[0] != account) violations.Add(field, "must be an invoice of billing_account");
  return ids[1];
}

Date RequireBankDate(FieldViolations& violations, absl::string_view field, bool present,
                     const google::type::Date& value, Date today) {
  const Date date = rpc::RequireDate(violations, field, present, value);
  if (present && date != Date() && !IsPlausibleBankDate(date, today)) {
    violations.Add(field, "must be from two years ago until tomorrow");
  }
  return date;
}

BankReceiptIdentity RequireIdentity(FieldViolations& violations, const v1::BankReceipt& message, Date value_date,
                                    Date today) {
  BankReceiptIdentity identity;
  identity.external_reference = rpc::RequireAscii(violations, "bank_receipt.external_reference",
                                                  message.external_reference(), 1, kMaxReferenceChars);
  identity.receiving_bank_account = rpc::RequireAscii(violations, "bank_receipt.receiving_bank_account",
                                                      message.receiving_bank_account(), 0, kMaxBankAccountChars);
  identity.booking_date = message.has_booking_date() ? RequireBankDate(violations, "bank_receipt.booking_date",
                                                                       /*present=*/true, message.booking_date(), today)
                                                     : value_date;
  identity.line = message.line();
  if (message.line() < 0 || message.line() > kMaxReceiptLine) {
    violations.Add("bank_receipt.line", absl::StrCat("must be 0 to ", kMaxReceiptLine));
  }
  return identity;
}

}  // namespace

absl::StatusOr<CreateBankReceiptCommand> ParseCreateBankReceipt(const rpc::Call& call,
                                                                const v1::CreateBankReceiptRequest& request) {
  FieldViolations violations;
  const v1::BankReceipt& message = request.bank_receipt();
  const Date today = DateOf(call.now());
  BankReceipt receipt;
  receipt.amount = RequireWholeMoney(violations, "bank_receipt.amount", message.has_amount(), message.amount());
  receipt.value_date =
      RequireBankDate(violations, "bank_receipt.value_date", message.has_value_date(), message.value_date(), today);
  receipt.identity = RequireIdentity(violations, message, receipt.value_date, today);
  if (!message.billing_account().empty()) {
    receipt.account =
        rpc::RequireName(violations, "bank_receipt.billing_account", kAccountName, message.billing_account())[0];
  }
  receipt.invoice =
      RequireInvoiceOf(violations, "bank_receipt.invoice", message.invoice(), receipt.account.value_or(Uuid()));
  RETURN_IF_ERROR(violations.ToStatus());
  receipt.id = call.DerivedId("bank_receipt");
  receipt.create_time = call.now();
  return CreateBankReceiptCommand{.tenant = receipt.id, .receipt = NewBankReceipt(std::move(receipt))};
}

absl::StatusOr<AllocateBankReceiptCommand> ParseAllocateBankReceipt(const rpc::Call& /*call*/,
                                                                    const v1::AllocateBankReceiptRequest& request) {
  FieldViolations violations;
  AllocateBankReceiptCommand command;
  command.tenant = rpc::RequireName(violations, "name", kReceiptName, request.name())[0];
  command.account = rpc::RequireName(violations, "billing_account", kAccountName, request.billing_account())[0];
  command.invoice = RequireInvoiceOf(violations, "invoice", request.invoice(), command.account);
  command.etag = request.etag();
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

}  // namespace countersign::billing
