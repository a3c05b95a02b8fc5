#include "billing-service/src/api/billing_account_requests.h"

#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "billing-service/src/domain/billing_account.h"
#include "billing-service/src/domain/names.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "common/rpc/requests.h"
#include "common/rpc/update_mask.h"

namespace countersign::billing {
namespace {

using Search = v1::SearchBillingAccountsRequest;

constexpr int kMaxSearchChars = 64;
constexpr int kMaxCompanyChars = 200;  // As wide as the column.
constexpr absl::string_view kBuyerUpdatable[] = {"company_name", "billing_address", "payment_terms_days"};
constexpr int kMaxPaymentTokenChars = 200;

std::string RequireAccountNumber(FieldViolations& violations, absl::string_view field, absl::string_view number) {
  if (!IsAccountNumber(number))
    violations.Add(field, "must begin with an account number: ten digits, the last a check digit");
  return std::string(number);
}

void RequireKey(FieldViolations& violations, const Search& request, SearchBillingAccountsCommand& command) {
  switch (request.by_case()) {
    case Search::kAccountNumber:
      command.value = RequireAccountNumber(violations, "account_number", request.account_number());
      return;
    case Search::kInvoiceNumber: {
      const absl::string_view number = request.invoice_number();
      command.value = RequireAccountNumber(violations, "invoice_number", number.substr(0, number.find('-')));
      return;
    }
    case Search::kPurchaseOrderNumber:
      command.by = AccountKey::kPurchaseOrder;
      command.value =
          rpc::RequireText(violations, "purchase_order_number", request.purchase_order_number(), 1, kMaxSearchChars);
      return;
    case Search::kBillingEmail:
      command.by = AccountKey::kEmail;
      command.value = rpc::RequireEmail(violations, "billing_email", request.billing_email());
      return;
    case Search::kPartner:
      command.by = AccountKey::kPartner;
      command.value = rpc::RequireName(violations, "partner", kPartnerName, request.partner())[0];
      return;
    case Search::kState:
      command.by = AccountKey::kState;
      rpc::RequireEnum(violations, "state", request.state(), v1::BillingAccount::State_descriptor());
      command.value = absl::StripPrefix(v1::BillingAccount::State_Name(request.state()), "STATE_");
      return;
    case Search::kBankReference:
      command.by = AccountKey::kBankReference;
      command.value = rpc::RequireAscii(violations, "bank_reference", request.bank_reference(), 1, kMaxSearchChars);
      return;
    case Search::kPartnerNumber:
      command.by = AccountKey::kPartner;
      command.partner_number =
          rpc::RequireAscii(violations, "partner_number", request.partner_number(), 1, kMaxSearchChars);
      return;
    case Search::BY_NOT_SET:
      violations.Add("by",
                     "must be one of account_number, invoice_number, purchase_order_number, billing_email, "
                     "partner, partner_number, state and bank_reference");
  }
}

}  // namespace

absl::StatusOr<SearchBillingAccountsCommand> ParseSearchBillingAccounts(const rpc::Call& call, const Search& request) {
  FieldViolations violations;
  SearchBillingAccountsCommand command;
  RequireKey(violations, request, command);
  command.list.scope = rpc::PageScopeOf(request);
  command.list.page = rpc::RequirePage(violations, call, command.list.scope, request.page_size(), request.page_token());
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<SetPaymentMethodCommand> ParseSetPaymentMethod(const rpc::Call& /*call*/,
                                                              const v1::SetPaymentMethodRequest& request) {
  FieldViolations violations;
  SetPaymentMethodCommand command;
  command.tenant = rpc::RequireName(violations, "name", kAccountName, request.name())[0];
  const v1::PaymentMethod& method = request.payment_method();
  rpc::RequireEnum(violations, "payment_method.type", method.type(), v1::PaymentMethod::Type_descriptor());
  if (method.type() == v1::PaymentMethod::TYPE_PROCESSOR) {
    command.method.type = PaymentMethodType::kProcessor;
    command.method.token =
        rpc::RequireAscii(violations, "payment_method.token", method.token(), 1, kMaxPaymentTokenChars);
    if (LooksLikeCardNumber(method.token())) {
      violations.Add("payment_method.token", "must be a token of the payment processor, never a card number");
    }
  } else if (!method.token().empty()) {
    violations.Add("payment_method.token", "must be empty unless the type is TYPE_PROCESSOR");
  }
  command.reason = rpc::RequireText(violations, "reason", request.reason(), 1, rpc::kMaxReasonChars);
  command.etag = request.etag();
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<UpdateBillingAccountCommand> ParseUpdateBillingAccount(const rpc::Call& /*call*/,
                                                                      const v1::UpdateBillingAccountRequest& request) {
  FieldViolations violations;
  const v1::BillingAccount& account = request.billing_account();
  UpdateBillingAccountCommand command;
  command.tenant = rpc::RequireName(violations, "billing_account.name", kAccountName, account.name())[0];
  const rpc::UpdateMask mask = rpc::RequireUpdateMask(violations, request.update_mask(), account, kBuyerUpdatable);
  if (mask.Has("company_name")) {
    command.company_name =
        rpc::RequireText(violations, "billing_account.company_name", account.company_name(), 1, kMaxCompanyChars);
  }
  if (mask.Has("billing_address")) {
    command.billing_address = rpc::RequireAddress(violations, "billing_account.billing_address",
                                                  account.has_billing_address(), account.billing_address());
  }
  if (mask.Has("payment_terms_days")) {
    command.payment_term_days =
        rpc::RequireQuantity(violations, "billing_account.payment_terms_days", account.payment_terms_days(),
                             kPaymentTermDays, kMaxPaymentTermDays);
  }
  command.reason = rpc::RequireText(violations, "reason", request.reason(), 1, rpc::kMaxReasonChars);
  command.etag = request.etag();
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<ChangeBillingContactCommand> ParseChangeBillingContact(const rpc::Call& /*call*/,
                                                                      const v1::ChangeBillingContactRequest& request) {
  FieldViolations violations;
  ChangeBillingContactCommand command;
  command.tenant = rpc::RequireName(violations, "name", kAccountName, request.name())[0];
  command.email = rpc::RequireEmail(violations, "billing_email", request.billing_email());
  if (!request.corrected_by_order().empty()) {
    const std::vector<Uuid> ids =
        rpc::RequireName(violations, "corrected_by_order", kOrderName, request.corrected_by_order());
    command.corrected_by = OrderReference{ids[0], ids[1]};
  }
  command.reason = rpc::RequireText(violations, "reason", request.reason(), 1, rpc::kMaxReasonChars);
  command.etag = request.etag();
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

absl::StatusOr<SetPurchaseOrderRulesCommand> ParseSetPurchaseOrderRules(
    const rpc::Call& /*call*/, const v1::SetPurchaseOrderRulesRequest& request) {
  FieldViolations violations;
  SetPurchaseOrderRulesCommand command{rpc::ParseNamed{kAccountName}.Parse(violations, request)};
  command.reason = rpc::RequireText(violations, "reason", request.reason(), 1, rpc::kMaxReasonChars);
  if (!request.has_purchase_order_rules()) violations.Add("purchase_order_rules", "must be set");
  command.required = request.purchase_order_rules().po_required();
  command.split = request.purchase_order_rules().split_by_po();
  RETURN_IF_ERROR(violations.ToStatus());
  return command;
}

}  // namespace countersign::billing
