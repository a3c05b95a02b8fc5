#include "common/base/hex.h"

#include <cstddef>

namespace countersign {
namespace {

int ValueOf(char digit) {
  if (digit <= '9') return digit - '0';
  return (digit | 0x20) - 'a' + 10;  // 0x20 makes a letter lower case.
}

}  // namespace

std::string HexToBytes(absl::string_view digits) {
  std::string bytes(digits.size() / 2, '\0');
  for (size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>(ValueOf(digits[2 * i]) << 4 | ValueOf(digits[2 * i + 1]));
  }
  return bytes;
}

}  // namespace countersign
