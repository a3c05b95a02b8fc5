// How an account's invoices are paid.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_PAYMENT_METHOD_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_PAYMENT_METHOD_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/base/named.h"

namespace countersign::billing {

enum class PaymentMethodType { kBankTransfer, kProcessor };

inline constexpr Named<PaymentMethodType> kPaymentMethodTypes[] = {
    {PaymentMethodType::kBankTransfer, "BANK_TRANSFER"},
    {PaymentMethodType::kProcessor, "PROCESSOR"},
};
inline absl::string_view NameOf(PaymentMethodType type) { return NameIn(kPaymentMethodTypes, type); }

struct PaymentMethod {
  PaymentMethodType type = PaymentMethodType::kBankTransfer;
  std::string token = {};  // PROCESSOR: the processor's name of a card or account; empty otherwise.

  friend bool operator==(const PaymentMethod&, const PaymentMethod&) = default;
};

// Whether the text is the number of a payment card: 12 to 19 digits with a right check digit, spaces and hyphens apart.
// Such a number must never reach our database.
bool LooksLikeCardNumber(absl::string_view text);

// OK when this service has a payment processor. Error: FAILED_PRECONDITION PAYMENT_PROCESSOR_NOT_CONFIGURED.
absl::Status CheckProcessor(bool has_processor);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_PAYMENT_METHOD_H_
