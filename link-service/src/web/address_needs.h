// The parts that an address needs, by country.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_ADDRESS_NEEDS_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_ADDRESS_NEEDS_H_

#include "absl/strings/string_view.h"

namespace countersign::link::web {

// Whether mail in the country needs a state, province or prefecture, and a postal code: what is surely needed only, so
// that nobody is kept from ordering.
bool NeedsRegion(absl::string_view code);
bool NeedsPostalCode(absl::string_view code);

}  // namespace countersign::link::web

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_ADDRESS_NEEDS_H_
