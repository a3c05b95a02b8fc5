#include "billing-service/src/domain/billing_account.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr int kAccountNumberDigits = 10;

// Luhn (ISO/IEC 7812-1) over the digits that stand before the check digit.
char CheckDigit(absl::string_view digits) {
  int sum = 0;
  bool doubled = true;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, doubled = !doubled) {
    const int value = (*digit - '0') * (doubled ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return static_cast<char>('0' + (10 - sum % 10) % 10);
}

absl::Status CheckOtherContact(const BillingAccount& account, const std::string& email) {
  if (email != account.customer.billing_email) return absl::OkStatus();
  return FailedPrecondition("BILLING_CONTACT_UNCHANGED", "The account has this billing contact already.");
}

}  // namespace

absl::Status CheckCurrency(const BillingAccount& account, absl::string_view currency) {
  if (account.currency == currency) return absl::OkStatus();
  return FailedPrecondition("CURRENCY_MISMATCH",
                            absl::StrCat("The billing account is in ", account.currency, ". Use that currency."),
                            {{"accountCurrency", account.currency}, {"currency", std::string(currency)}});
}

absl::Status CheckNotErased(const BillingAccount& account) {
  if (!WasErased(account)) return absl::OkStatus();
  return FailedPrecondition("BILLING_ACCOUNT_ERASED",
                            "The account's customer was erased. Its books can be read, and nothing begins on it again.",
                            {{"billingAccount", account.id.ToString()}});
}

absl::Status CheckNotParked(const BillingAccount& account) {
  if (account.state != BillingAccountState::kParked) return absl::OkStatus();
  return FailedPrecondition("BILLING_ACCOUNT_PARKED",
                            absl::StrCat("The account is parked: ", account.park_message,
                                         " Repair what is wrong, then call ResumeBillingAccount."),
                            {{"parkReason", account.park_reason}});
}

void SetBillingAddress(BillingAccount& account, const PostalAddress& address) {
  if (address.region_code != account.customer.billing_address.region_code) {
    account.tax_profile.validation_date.reset();
  }
  account.customer.billing_address = address;
}

BillingAccount SetPurchaseOrderRules(BillingAccount account, bool required, bool split, absl::Time now) {
  const auto set = [&](int64_t& from, bool on) {
    if (!on) from = 0;
    if (on && from == 0) from = account.next_invoice_sequence;
  };
  set(account.purchase_orders.required_from, required);
  set(account.purchase_orders.split_from, split);
  ++account.version;
  account.update_time = now;
  return account;
}

std::string AccountNumber(const Uuid& account, int attempt) {
  const Uuid hash = Uuid::Derived({"account number", account.bytes(), absl::StrCat(attempt)});
  int64_t value = 0;
  for (const char byte : hash.bytes().substr(0, 6)) value = value * 256 + static_cast<unsigned char>(byte);
  std::string number = absl::StrCat(100'000'000 + value % 900'000'000);
  number.push_back(CheckDigit(number));
  return number;
}

bool IsAccountNumber(absl::string_view text) {
  return text.size() == kAccountNumberDigits && text.front() != '0' &&
         std::all_of(text.begin(), text.end(), absl::ascii_isdigit) &&
         text.back() == CheckDigit(text.substr(0, kAccountNumberDigits - 1));
}

std::string InvoiceNumber(const BillingAccount& account, int64_t sequence) {
  return absl::StrCat(account.number, "-", sequence);
}

Uuid InvoiceId(const Uuid& account, int64_t sequence) {
  return Uuid::Derived({"invoice", account.bytes(), absl::StrCat(sequence)});
}

const std::string& CodeEmail(const BillingAccount& account, absl::Time now) {
  return account.codes_move_time.has_value() && now < *account.codes_move_time ? account.former_email
                                                                               : account.customer.billing_email;
}

absl::StatusOr<BillingAccount> ChangeBillingContact(BillingAccount account, const std::string& email, absl::Time now) {
  RETURN_IF_ERROR(CheckOtherContact(account, email));
  account.former_email = CodeEmail(account, now);
  account.codes_move_time = now + kContactWait;
  account.contact_order.reset();
  account.customer.billing_email = email;
  ++account.version;
  account.update_time = now;
  return account;
}

BillingAccount VerifyBillingContact(BillingAccount account, absl::Time now) {
  account.contact_order.reset();
  ++account.version;
  account.update_time = now;
  return account;
}

absl::StatusOr<BillingAccount> CorrectBillingContact(BillingAccount account, const OrderReference& order,
                                                     const std::string& email, absl::Time now) {
  if (account.contact_order != order) {
    return FailedPrecondition("BILLING_CONTACT_NOT_CORRECTABLE",
                              "The billing contact was used or changed already, or another order's customer typed it. "
                              "Change it with a code from its mail, or by an operator with a reason.",
                              {{"billingAccount", account.id.ToString()}});
  }
  RETURN_IF_ERROR(CheckOtherContact(account, email));
  account.customer.billing_email = email;
  ++account.version;
  account.update_time = now;
  return account;
}

}  // namespace countersign::billing
