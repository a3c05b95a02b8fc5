#include "link-service/src/web/page_parts.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "link-service/src/web/find_page.h"
#include "link-service/src/web/public_url.h"
#include "link-service/src/web/templates.h"

namespace countersign::link::web {
std::string Text(absl::string_view text) { return std::string(text); }

void SetOptional(data& page, const std::string& name, absl::string_view value) {
  page.set(absl::StrCat("has_", name), !value.empty());
  page.set(name, Text(value));
}

void SetContact(data& page, const std::string& name, absl::string_view contact) {
  SetOptional(page, name, contact);
  std::string uri;
  for (const char c : contact) {
    const bool plain = absl::ascii_isalnum(static_cast<unsigned char>(c)) || absl::StrContains("@.-_", c);
    absl::StrAppend(
        &uri, plain ? std::string(1, c) : absl::StrCat("%", absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad2)));
  }
  page.set(absl::StrCat(name, "_uri"), uri);
}

data BasePage(const Vendor& vendor, const Language& language, absl::string_view title) {
  data page;
  page.set("vendor_name", vendor.name);
  page.set("legal_entity", vendor.seller());
  SetContact(page, "vendor_contact", vendor.contact);
  page.set("vendor_mail", absl::StrContains(vendor.contact, "@"));
  page.set("has_help", true);
  SetOptional(page, "privacy_url", vendor.privacy_url);
  SetOptional(page, "site", vendor.public_url);
  page.set("title", Text(title));
  page.set("agreement_foreign", &language != &English());  // Agreements are written in English.
  const std::string prefix = PathOfUrl(vendor.public_url);
  SetOptional(page, "logo", vendor.logo == nullptr ? "" : absl::StrCat(prefix, vendor.logo->path));
  page.set("icon", absl::StrCat(prefix, "/favicon.ico"));
  page.set("stylesheet", absl::StrCat(prefix, StylesheetPath(vendor)));
  return page;
}

void SetFindPath(data& page, const Vendor& vendor, const Language& language) {
  page.set("find_path", absl::StrCat(PathOfUrl(vendor.public_url), kFindPath, "?lang=", language.code()));
}

void OfferFinding(data& page, const Vendor& vendor, const Language& language) {
  SetFindPath(page, vendor, language);
  page.set("offers_find", vendor.finds_receipts);
}

void SetErrors(data& page, const std::vector<FormError>& form_errors) {
  list errors;
  for (const FormError& error : form_errors) {
    data item;
    item.set("field", error.field);
    item.set("message", error.message);
    errors.push_back(item);
    const std::string key = absl::StrCat("error_", error.field);
    if (page.get(key) == nullptr) page.set(key, error.message);  // The first one; an absent key shows nothing.
  }
  page.set("has_errors", !form_errors.empty());
  page.set("errors", errors);
}

void SetDate(data& page, const Language& language, const std::string& name, const std::string& iso_name, Date date) {
  page.set(name, language.DateText(date));
  page.set(iso_name, FormatDate(date));
}

std::string IsoTime(absl::Time time) { return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone()); }

}  // namespace countersign::link::web
