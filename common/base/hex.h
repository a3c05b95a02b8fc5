// Hexadecimal digits to bytes. absl::HexStringToBytes has two signatures: Debian 12 has only the old one, and Debian 13
// calls that deprecated.
#ifndef COUNTERSIGN_COMMON_BASE_HEX_H_
#define COUNTERSIGN_COMMON_BASE_HEX_H_

#include <string>

#include "absl/strings/string_view.h"

namespace countersign {

// The bytes of an even number of hexadecimal digits, of either case. Requires that `digits` holds nothing else.
std::string HexToBytes(absl::string_view digits);

}  // namespace countersign

#endif  // COUNTERSIGN_COMMON_BASE_HEX_H_
