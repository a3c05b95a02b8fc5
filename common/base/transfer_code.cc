#include "common/base/transfer_code.h"

#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "common/base/crypto.h"

namespace countersign {
namespace {

constexpr int kRandomBytes = 16;
constexpr size_t kDigits = 2 * kRandomBytes;
constexpr size_t kGroup = 4;

}  // namespace

std::string NewTransferCode() {
  const std::string digits = absl::AsciiStrToUpper(absl::BytesToHexString(RandomBytes(kRandomBytes)));
  std::string code;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && i % kGroup == 0) code += '-';
    code += digits[i];
  }
  return code;
}

std::optional<Uuid> TransferCodeId(absl::string_view typed) {
  std::string digits;
  for (const char c : typed) {
    if (c == ' ' || c == '-') continue;
    if (!absl::ascii_isxdigit(static_cast<unsigned char>(c)) || digits.size() == kDigits) return std::nullopt;
    digits += absl::ascii_toupper(static_cast<unsigned char>(c));
  }
  if (digits.size() != kDigits) return std::nullopt;
  return Uuid::Derived({"transfer code", digits});
}

}  // namespace countersign
