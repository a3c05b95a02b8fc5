// ISO 3166-1: the countries an invoice can be addressed to.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_COUNTRIES_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_COUNTRIES_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace countersign::link::web {

struct Country {
  absl::string_view code;  // Alpha-2, upper case.
  absl::string_view name;  // English short name, in UTF-8.
};

// All of them, ordered by name.
absl::Span<const Country> Countries();

// "" for a code that ISO 3166-1 does not list.
absl::string_view CountryName(absl::string_view code);

// Whether mail in the country needs a state, province or prefecture, and a postal code: what is surely needed only, so
// that nobody is kept from ordering.
bool NeedsRegion(absl::string_view code);
bool NeedsPostalCode(absl::string_view code);

}  // namespace countersign::link::web

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_COUNTRIES_H_
