#include "link-service/src/web/order_forms.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "common/base/country.h"
#include "common/base/text.h"
#include "common/mail/message.h"
#include "link-service/src/web/address_needs.h"
#include "link-service/src/web/tax_ids.h"

namespace countersign::link::web {
namespace {

constexpr std::size_t kContentHashDigits = 64;  // SHA-256.

// Browsers send line breaks as CR LF.
std::string WithPlainLineBreaks(absl::string_view text) { return absl::StrReplaceAll(text, {{"\r\n", "\n"}}); }

// Reads one field after another and notes what is wrong with each.
class Reader {
 public:
  Reader(const Form& form, const Language& language, std::vector<FormError>* errors)
      : form_(form), language_(language), errors_(errors) {}

  const Language& language() const { return language_; }

  // `message` is the name of one.
  void Fail(absl::string_view field, absl::string_view message, MessageArgs args = {}) {
    errors_->push_back({std::string(field), language_.Format(message, args)});
  }
  void FailWith(absl::string_view field, absl::string_view text) {
    errors_->push_back({std::string(field), std::string(text)});
  }

  absl::string_view Text(absl::string_view field) const { return TrimText(form_.Get(field)); }

  // A single line; `missing` is the message when it is empty, "" where it may be.
  std::string Line(absl::string_view field, int64_t max_length, absl::string_view missing) {
    const std::string text(Text(field));
    if (text.empty() && !missing.empty()) {
      Fail(field, missing);
    } else {
      Check(field, text, max_length);
    }
    return text;
  }

  bool Check(absl::string_view field, absl::string_view text, int64_t max_length) {
    const auto [fault, characters] = CheckText(text, TextShape::kLine);
    if (fault == TextFault::kStackedMarks) {
      Fail(field, "error.marks", {{"max", int64_t{kMaxStackedMarks}}});
      return false;
    }
    if (fault != TextFault::kNone) {
      Fail(field, "error.characters");
      return false;
    }
    if (characters > max_length) {
      Fail(field, "error.length", {{"max", max_length}});
      return false;
    }
    return true;
  }

 private:
  const Form& form_;
  const Language& language_;
  std::vector<FormError>* const errors_;
};

std::vector<std::string> ReadAddressLines(const Form& form, Reader& reader) {
  std::vector<std::string> lines;
  for (absl::string_view text : absl::StrSplit(WithPlainLineBreaks(form.Get("address")), '\n')) {
    const absl::string_view line = TrimText(text);
    if (!line.empty()) lines.emplace_back(line);
  }
  if (lines.empty()) reader.Fail("address", "error.address");
  if (lines.size() > kMaxAddressLines) {
    reader.Fail("address", "error.lines", {{"max", int64_t{kMaxAddressLines}}});
    return lines;
  }
  for (const std::string& line : lines) {
    if (!reader.Check("address", line, kMaxAddressLine)) break;
  }
  return lines;
}

// As it goes on the wire: an international domain in ASCII. Whether mail arrives is found out by sending some.
std::string ReadEmail(Reader& reader, absl::string_view field, absl::string_view missing) {
  const std::string email(reader.Text(field));
  if (email.empty()) {
    reader.Fail(field, missing);
    return email;
  }
  if (!reader.Check(field, email, kMaxContactEmail)) return email;
  const absl::StatusOr<std::string> address = mail::WireAddress(email);
  if (!address.ok()) reader.Fail(field, "error.email");
  return address.value_or(email);
}

std::string ReadCountry(const Form& form, Reader& reader) {
  const std::string code = absl::AsciiStrToUpper(TrimText(form.Get("country")));
  if (!IsCountry(code)) reader.Fail("country", "error.country");
  return code;
}

std::string ReadTaxId(absl::string_view country, Reader& reader) {
  const std::string typed(reader.Text("tax_id"));
  if (!reader.Check("tax_id", typed, kMaxTaxId)) return typed;
  const absl::StatusOr<std::string> id = NormalTaxId(country, typed, reader.language());
  if (!id.ok()) reader.FailWith("tax_id", id.status().message());
  return id.value_or(typed);
}

void ReadWhoPays(const Form& form, Reader& reader, ConfirmForm& read) {
  read.country = ReadCountry(form, reader);
  read.company_name = reader.Line("company_name", kMaxCompanyName, "error.company_name");
  read.address_lines = ReadAddressLines(form, reader);
  read.city = reader.Line("city", kMaxCity, "error.city");
  const bool needs_region = NeedsRegion(read.country), needs_postal_code = NeedsPostalCode(read.country);
  read.region = reader.Line("region", kMaxRegion, needs_region ? "error.region" : "");
  read.postal_code = reader.Line("postal_code", kMaxPostalCode, needs_postal_code ? "error.postal_code" : "");
  read.contact_email = ReadEmail(reader, "contact_email", "error.contact_email");
}

ConfirmFormText TypedText(const Form& form) {
  ConfirmFormText typed;
  typed.purchase_order_number = form.Get("purchase_order_number");
  typed.company_name = form.Get("company_name");
  typed.contact_email = form.Get("contact_email");
  typed.address = WithPlainLineBreaks(form.Get("address"));
  typed.city = form.Get("city");
  typed.region = form.Get("region");
  typed.postal_code = form.Get("postal_code");
  typed.country = form.Get("country");
  typed.tax_id = form.Get("tax_id");
  typed.confirmer_name = form.Get("confirmer_name");
  typed.confirmer_title = form.Get("confirmer_title");
  typed.confirmer_email = form.Get("confirmer_email");
  typed.code = form.Get("code");
  typed.agreement_accepted = form.Get("agreement") == "accepted";
  return typed;
}

}  // namespace

absl::StatusOr<OrderAction> ActionOf(const Form& form) {
  const std::string& action = form.Get("action");
  if (action == "check") return OrderAction::kCheck;
  if (action == "confirm") return OrderAction::kConfirm;
  if (action == "decline") return OrderAction::kDecline;
  if (action == "code") return OrderAction::kSendCode;
  if (action == "new_link") return OrderAction::kAskForNewLink;
  if (action == kLanguageAction) return OrderAction::kLanguage;
  return absl::InvalidArgumentError("The form's action must be check, confirm, decline, code, new_link or language.");
}

ConfirmSubmission ReadConfirmForm(const Form& form, const Language& language, const FormParts& parts) {
  ConfirmSubmission submission;
  submission.typed = TypedText(form);
  Reader reader(form, language, &submission.errors);
  ConfirmForm& read = submission.form;
  if (parts.who_pays) ReadWhoPays(form, reader, read);
  if (parts.purchase_order) {
    read.purchase_order_number = reader.Line("purchase_order_number", kMaxPurchaseOrderNumber, "");
  }
  if (parts.who_pays) read.tax_id = ReadTaxId(read.country, reader);
  read.confirmer_name = reader.Line("confirmer_name", kMaxConfirmerName, "error.confirmer_name");
  read.confirmer_title = reader.Line("confirmer_title", kMaxConfirmerTitle, "error.confirmer_title");
  read.confirmer_email = ReadEmail(reader, "confirmer_email", "error.confirmer_email");
  if (!submission.typed.agreement_accepted) reader.Fail("agreement", "error.agreement");
  if (!absl::SimpleAtoi(form.Get("revision"), &submission.revision) || submission.revision < 0) {
    submission.revision = 0;
  }
  submission.content_hash = ContentHashOf(form);
  submission.form_id = FormIdOf(form);
  return submission;
}

ContactSubmission ReadContactForm(const Form& form, const Language& language) {
  std::vector<FormError> errors;
  Reader reader(form, language, &errors);
  ContactSubmission submission;
  submission.typed = form.Get("new_email");
  submission.email = ReadEmail(reader, "new_email", "error.email");
  if (!errors.empty()) submission.error = errors[0].message;
  return submission;
}

NumberSubmission ReadNumberForm(const Form& form) {
  return {.typed = absl::AsciiStrToUpper(TrimText(form.Get("new_partner_number"))),
          .shown = absl::AsciiStrToUpper(TrimText(form.Get("partner_number")))};
}

FindSubmission ReadFindForm(const Form& form, const Language& language) {
  FindSubmission submission;
  Reader reader(form, language, &submission.errors);
  submission.typed_number = form.Get("number");
  submission.typed_email = form.Get("email");
  submission.number = reader.Line("number", kMaxSoughtNumber, "error.sought_number");
  submission.email = ReadEmail(reader, "email", "error.email");
  return submission;
}

std::string ContentHashOf(const Form& form) {
  const std::string& hash = form.Get("content_hash");
  const bool valid = hash.size() == kContentHashDigits && std::all_of(hash.begin(), hash.end(), [](unsigned char c) {
                       return absl::ascii_isdigit(c) || (c >= 'a' && c <= 'f');
                     });
  return valid ? hash : "";
}

Uuid FormIdOf(const Form& form) { return Uuid::Parse(form.Get("form_id")).value_or(Uuid()); }

DeclineSubmission ReadDeclineForm(const Form& form, const Language& language) {
  DeclineSubmission submission;
  submission.typed_reason = WithPlainLineBreaks(form.Get("reason"));
  submission.reason = std::string(TrimText(submission.typed_reason));
  Reader reader(form, language, &submission.errors);
  // Its line breaks count as characters and are the only control characters allowed.
  reader.Check("reason", absl::StrReplaceAll(submission.reason, {{"\n", " "}, {"\t", " "}}), kMaxDeclineReason);
  return submission;
}

}  // namespace countersign::link::web
