// Tax ids as people type them.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_TAX_IDS_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_TAX_IDS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "link-service/src/web/language.h"

namespace countersign::link::web {

// The typed text as it is kept and printed on invoices: trimmed, printable ASCII. Where `country` (ISO 3166-1 alpha-2)
// asks companies for a VAT number of a known form, upper case, without spaces, dots and hyphens, and with the prefix:
// "de 123 456 789" is "DE123456789". Empty stays empty. Whether the number exists is found out by who validates it.
// Error: INVALID_ARGUMENT with one sentence for the customer in `language`.
absl::StatusOr<std::string> NormalTaxId(absl::string_view country, absl::string_view typed,
                                        const Language& language = English());

// Numbers as `country` asks for: "IE1234567A or IE1234567AA" in `language`, at most three of its forms. Empty where it
// asks for no known form.
std::string TaxIdExamples(absl::string_view country, const Language& language = English());

}  // namespace countersign::link::web

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_TAX_IDS_H_
