#include "billing-service/src/domain/payment_method.h"

#include <cstddef>

#include "absl/strings/ascii.h"
#include "common/base/error.h"

namespace countersign::billing {
namespace {

// ISO/IEC 7812-1.
constexpr size_t kMinCardDigits = 12;
constexpr size_t kMaxCardDigits = 19;

}  // namespace

bool LooksLikeCardNumber(absl::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c == ' ' || c == '-') continue;
    if (!absl::ascii_isdigit(c)) return false;
    digits.push_back(c);
  }
  if (digits.size() < kMinCardDigits || digits.size() > kMaxCardDigits) return false;
  int sum = 0;
  bool doubled = false;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, doubled = !doubled) {
    const int value = (*digit - '0') * (doubled ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 == 0;
}

absl::Status CheckProcessor(bool has_processor) {
  if (has_processor) return absl::OkStatus();
  return FailedPrecondition("PAYMENT_PROCESSOR_NOT_CONFIGURED",
                            "This service has no payment processor. Start it with --payment_processor.");
}

}  // namespace countersign::billing
