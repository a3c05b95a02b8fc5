// The billing account: the legal customer of the vendor, in one currency. Its number is for people.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_BILLING_ACCOUNT_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_BILLING_ACCOUNT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/fee_schedule.h"
#include "billing-service/src/domain/payment_method.h"
#include "billing-service/src/domain/subscription.h"
#include "billing-service/src/domain/tax.h"
#include "common/base/date.h"
#include "common/base/money.h"
#include "common/base/named.h"
#include "common/base/postal_address.h"
#include "common/base/uuid.h"

namespace countersign::billing {

// The company that is billed, as it described itself when it confirmed its first order. Personal data.
struct LegalCustomer {
  std::string company_name;
  std::string billing_email;
  PostalAddress billing_address;
};

enum class BillingAccountState { kActive, kParked, kErased };

inline constexpr Named<BillingAccountState> kBillingAccountStates[] = {
    {BillingAccountState::kActive, "ACTIVE"},
    {BillingAccountState::kParked, "PARKED"},
    {BillingAccountState::kErased, "ERASED"},
};
inline absl::string_view NameOf(BillingAccountState state) { return NameIn(kBillingAccountStates, state); }

// The account's rules for purchase-order numbers. Each is the sequence number of the first invoice that it applies to;
// 0: it does not apply.
struct PurchaseOrderRules {
  int64_t required_from = 0;  // Each line has one.
  int64_t split_from = 0;     // An invoice has lines of one number only, or only lines without one.
};

// From an invoice's date until it is due. Not less than the page has said to whoever confirmed.
inline constexpr int kPaymentTermDays = 30;
inline constexpr int kMaxPaymentTermDays = 180;

struct BillingAccount {
  Uuid id;
  std::string number;    // See AccountNumber.
  std::string currency;  // ISO 4217; every price, invoice and payment of the account is in it.
  LegalCustomer customer;
  Money credit;  // Paid, but not used for an invoice.
  TaxProfile tax_profile;
  std::shared_ptr<const TaxCalculator> tax;  // Decides the tax of its invoices; null: there is none.
  int64_t next_invoice_sequence = 1;         // Numbers of invoices have no gap.
  int64_t next_credit_note_sequence = 1;     // Nor have those of credit notes, a series of their own.
  int64_t version = 0;                       // 0: not stored yet.
  absl::Time create_time;
  absl::Time update_time;
  std::optional<Date> last_issue_date = {};  // Of its newest invoice; none: it has none yet.
  BillingAccountState state = BillingAccountState::kActive;
  std::string park_reason = {};   // PARKED: the reason of the error that the billing run met.
  std::string park_message = {};  // PARKED: its message.
  PaymentMethod payment_method = {};
  FeeSchedules fee_schedules = nullptr;            // For the lines of its invoices.
  std::string former_email = {};                   // After a change of the billing contact: where codes go …
  std::optional<absl::Time> codes_move_time = {};  // … until then.
  // The order whose customer typed the billing contact, until somebody proves to read its mail, or an operator or a
  // code changes it. None in accounts that are older than this field.
  std::optional<OrderReference> contact_order = {};
  PurchaseOrderRules purchase_orders = {};
  int64_t payment_term_days = kPaymentTermDays;
  std::string language = {};  // BCP 47: in which its customer is written to; empty: not known.
};

// The account has another billing address. In another country its tax id has to be validated anew.
void SetBillingAddress(BillingAccount& account, const PostalAddress& address);

// The account's next version with these rules for the invoices to come; a rule that holds already holds on.
BillingAccount SetPurchaseOrderRules(BillingAccount account, bool required, bool split, absl::Time now);

// Types of events; after both, the addresses are told.
inline constexpr char kBillingContactChanged[] = "BILLING_CONTACT_CHANGED";
inline constexpr char kBillingContactCorrected[] = "BILLING_CONTACT_CORRECTED";

// For so long after a change of the billing contact, codes go to the address before.
inline constexpr absl::Duration kContactWait = absl::Hours(24 * 7);

// The e-mail address that one-time codes are sent to at `now`.
const std::string& CodeEmail(const BillingAccount& account, absl::Time now);

// The account's next version with another billing contact. Codes go where they went for kContactWait, even when the
// contact is changed again meanwhile. Error: FAILED_PRECONDITION BILLING_CONTACT_UNCHANGED.
absl::StatusOr<BillingAccount> ChangeBillingContact(BillingAccount account, const std::string& email, absl::Time now);

// The account's next version after somebody proved to read the billing contact's mail: from now on only a code from
// there, or an operator, changes it.
BillingAccount VerifyBillingContact(BillingAccount account, absl::Time now);

// The account's next version with the billing contact that `order`'s customer meant to type. Codes go there at once:
// the address before was a mistake. Until somebody proves to read its mail, it can be corrected again. Errors:
// FAILED_PRECONDITION BILLING_CONTACT_NOT_CORRECTABLE (it was proved or changed, or another order's customer typed it),
// BILLING_CONTACT_UNCHANGED.
absl::StatusOr<BillingAccount> CorrectBillingContact(BillingAccount account, const OrderReference& order,
                                                     const std::string& email, absl::Time now);

// A change of the billing contact, as it is on record.
struct ContactChange {
  std::string before;
  std::string after;
  std::string code_email;  // Where codes go for kContactWait after `time`; `after` where that corrected a mistake.
  absl::Time time;
};

// OK when the account is in `currency`. Error: FAILED_PRECONDITION CURRENCY_MISMATCH.
absl::Status CheckCurrency(const BillingAccount& account, absl::string_view currency);

inline bool WasErased(const BillingAccount& account) { return account.state == BillingAccountState::kErased; }

// OK unless it is ERASED. Error: FAILED_PRECONDITION BILLING_ACCOUNT_ERASED.
absl::Status CheckNotErased(const BillingAccount& account);

// OK unless it is PARKED. Error: FAILED_PRECONDITION BILLING_ACCOUNT_PARKED.
absl::Status CheckNotParked(const BillingAccount& account);

// Ten decimal digits, the last a Luhn check digit, none of them a leading zero: short enough for a telephone, and one
// mistyped digit is noticed. Derived from the account and `attempt` (from 0), not counted, because a counter would be
// one hot row for all accounts; a number that is taken is tried again with the next attempt.
std::string AccountNumber(const Uuid& account, int attempt);

// True for ten digits with the right check digit.
bool IsAccountNumber(absl::string_view text);

// "{account number}-{sequence}", sequence from 1.
std::string InvoiceNumber(const BillingAccount& account, int64_t sequence);

// The id of the account's invoice of that sequence: derived, so that a retry after an unknown commit meets the first.
Uuid InvoiceId(const Uuid& account, int64_t sequence);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_DOMAIN_BILLING_ACCOUNT_H_
