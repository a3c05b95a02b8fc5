#include "link-service/src/web/address_needs.h"

#include <algorithm>
#include <iterator>

namespace countersign::link::web {

bool NeedsRegion(absl::string_view code) {
  constexpr absl::string_view kCodes[] = {"AU", "BR", "CA", "CN", "IN", "IT", "JP", "KR", "MX", "US"};
  return std::find(std::begin(kCodes), std::end(kCodes), code) != std::end(kCodes);
}

bool NeedsPostalCode(absl::string_view code) {
  constexpr absl::string_view kCodes[] = {"AT", "AU", "BE", "BR", "CA", "CH", "CN", "CZ", "DE", "DK",
                                          "EE", "ES", "FI", "FR", "GB", "GR", "HU", "IN", "IT", "JP",
                                          "KR", "LI", "LT", "LU", "LV", "MC", "MX", "NL", "NO", "NZ",
                                          "PL", "PT", "SE", "SG", "SI", "SK", "TR", "TW", "US", "ZA"};
  return std::find(std::begin(kCodes), std::end(kCodes), code) != std::end(kCodes);
}

}  // namespace countersign::link::web
