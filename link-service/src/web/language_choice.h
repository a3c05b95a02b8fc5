// In which language a request is answered.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_LANGUAGE_CHOICE_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_LANGUAGE_CHOICE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "link-service/src/web/form.h"
#include "link-service/src/web/http_message.h"
#include "link-service/src/web/language.h"

namespace countersign::link::web {

// The language of ours that the header likes best (RFC 9110, section 12.5.4; a range of "de" or "de-CH" takes "de", as
// RFC 4647 looks tags up). Of two that it likes alike the one it names first. English where it takes none, names none
// or is not such a header.
const Language& Negotiated(absl::string_view accept_language);

// The language of the form (its field "lang"), else of the URL ("?lang=de"), else of the browser.
const Language& LanguageOf(const HttpRequest& request);
const Language& LanguageOf(const HttpRequest& request, const Form& form);

// `path` with "?lang=de" where the browser's own setting would choose another language.
std::string InLanguage(absl::string_view path, const HttpRequest& request, const Language& language);

}  // namespace countersign::link::web

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_LANGUAGE_CHOICE_H_
