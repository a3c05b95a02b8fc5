// What is counted as one client of a network.
#ifndef COUNTERSIGN_COMMON_BASE_NETWORK_H_
#define COUNTERSIGN_COMMON_BASE_NETWORK_H_

#include <string>

#include "absl/strings/string_view.h"

namespace countersign {

// Of an address without port and brackets: of IPv6 its first 64 bits, which one client owns as a whole, in hexadecimal
// digits; of an IPv4 address that is mapped into IPv6 the IPv4 address; everything else as it is.
std::string ClientKeyOf(absl::string_view address);

}  // namespace countersign

#endif  // COUNTERSIGN_COMMON_BASE_NETWORK_H_
