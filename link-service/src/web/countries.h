// ISO 3166-1: the countries an invoice can be addressed to.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_COUNTRIES_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_COUNTRIES_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace countersign::link::web {

// The alpha-2 codes of all, upper case, in alphabetical order. A Language has their names.
absl::Span<const absl::string_view> Countries();

bool IsCountry(absl::string_view code);

// Whether mail in the country needs a state, province or prefecture, and a postal code: what is surely needed only, so
// that nobody is kept from ordering.
bool NeedsRegion(absl::string_view code);
bool NeedsPostalCode(absl::string_view code);

}  // namespace countersign::link::web

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_COUNTRIES_H_
