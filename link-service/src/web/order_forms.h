// The forms of the order page: confirm and decline.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_ORDER_FORMS_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_ORDER_FORMS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/uuid.h"
#include "link-service/src/web/form.h"
#include "link-service/src/web/language.h"

namespace countersign::link::web {

// Lengths are in characters (Unicode code points).
inline constexpr int kMaxPurchaseOrderNumber = 64;
inline constexpr int kMaxCompanyName = 200;
inline constexpr int kMaxContactEmail = 254;  // RFC 5321's path of 256 without its brackets.
inline constexpr int kMaxAddressLines = 5;
inline constexpr int kMaxAddressLine = 200;
inline constexpr int kMaxCity = 100;
inline constexpr int kMaxRegion = 100;
inline constexpr int kMaxPostalCode = 16;
inline constexpr int kMaxConfirmerName = 200;
inline constexpr int kMaxConfirmerTitle = 100;
inline constexpr int kMaxTaxId = 32;
inline constexpr int kMaxSoughtNumber = 64;
inline constexpr int kMaxDeclineReason = 500;

// Which of the form's buttons was pressed: the field `action`. kCheck is the form's first button, which browsers press
// when somebody hits Enter in a field: nothing is ordered by it. kSendCode asks for the one-time code,
// kAskForNewLink the partner for a new link, kLanguage the same page in the language of the address.
enum class OrderAction { kCheck, kConfirm, kDecline, kSendCode, kAskForNewLink, kLanguage };

// The value of `action` of kLanguage.
inline constexpr absl::string_view kLanguageAction = "language";

// Error: INVALID_ARGUMENT for any other or no action.
absl::StatusOr<OrderAction> ActionOf(const Form& form);

// A field as shown again beside its error; `field` is the input's name.
struct FormError {
  std::string field;
  std::string message;  // One sentence for the customer.
};

// The confirm form exactly as it was typed, to be shown again. `address` has one address line per text line.
struct ConfirmFormText {
  std::string purchase_order_number;
  std::string company_name;
  std::string contact_email;
  std::string address;
  std::string city;
  std::string region;
  std::string postal_code;
  std::string country;
  std::string tax_id;
  std::string confirmer_name;
  std::string confirmer_title;
  std::string confirmer_email;
  std::string code;  // The one-time code, where the order needs one.
  bool agreement_accepted = false;

  friend bool operator==(const ConfirmFormText&, const ConfirmFormText&) = default;
};

// The confirm form as it may be stored: trimmed, within its limits, UTF-8 without control characters. What was not
// asked for is empty.
struct ConfirmForm {
  std::string purchase_order_number;  // May be empty.
  std::string company_name;
  std::string contact_email;
  std::vector<std::string> address_lines;  // 1 to kMaxAddressLines, none empty.
  std::string city;
  std::string region;       // May be empty where the country has no states that mail needs.
  std::string postal_code;  // May be empty: not every country has them.
  std::string country;      // ISO 3166-1 alpha-2, upper case.
  std::string tax_id;       // See NormalTaxId; may be empty.
  std::string confirmer_name;
  std::string confirmer_title;
  std::string confirmer_email;
};

struct ConfirmSubmission {
  ConfirmFormText typed;
  std::vector<FormError> errors;  // In the order of the page; empty means that `form` may be used.
  ConfirmForm form;
  // The content that the page showed. The customer does not type it, so damage is no field's error: it reads as
  // revision 0 or an empty hash, which match no page, and the order is shown again for review.
  int64_t revision = 0;
  std::string content_hash;  // 64 lower-case hexadecimal digits, or empty.
  Uuid form_id;              // Of this showing of the page; nil where the form names none.

  bool ok() const { return errors.empty(); }
};

// The parts of the form beside who confirms. A part that is not asked for is not read.
struct FormParts {
  bool who_pays = true;
  bool purchase_order = true;
  bool needs_purchase_order = false;  // It is not optional.
};

// Errors are told in `language`.
ConfirmSubmission ReadConfirmForm(const Form& form, const Language& language = English(), const FormParts& parts = {});

// Another billing contact, typed on the receipt.
struct ContactSubmission {
  std::string typed;
  std::string email;  // As it goes on the wire.
  std::string error;  // Empty: `email` may be used.
};

ContactSubmission ReadContactForm(const Form& form, const Language& language = English());

// A partner's number on the receipt: that which is typed, and that whose partner the form shows. Either may be empty;
// in capitals, as numbers are.
struct NumberSubmission {
  std::string typed;
  std::string shown;
};

NumberSubmission ReadNumberForm(const Form& form);

// A lost receipt: an order's, account's or invoice's number, and where its invoices go.
struct FindSubmission {
  std::string typed_number;
  std::string typed_email;
  std::vector<FormError> errors;  // Of "number" and "email"; empty: the two below may be used.
  std::string number;
  std::string email;  // As it goes on the wire.
};

FindSubmission ReadFindForm(const Form& form, const Language& language = English());

// The hash of the content that the form showed: 64 lower-case hexadecimal digits, or empty.
std::string ContentHashOf(const Form& form);

// The form's id alone.
Uuid FormIdOf(const Form& form);

struct DeclineSubmission {
  std::string typed_reason;
  std::vector<FormError> errors;
  std::string reason;  // May be empty; lines are separated by \n.

  bool ok() const { return errors.empty(); }
};

DeclineSubmission ReadDeclineForm(const Form& form, const Language& language = English());

}  // namespace countersign::link::web

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_ORDER_FORMS_H_
