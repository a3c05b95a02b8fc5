#include "billing-service/src/api/region_field.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"

namespace countersign::billing {

std::string RequireRegion(FieldViolations& violations, absl::string_view field, const std::string& value) {
  constexpr size_t kRegionLetters = 2;
  if (value.size() != kRegionLetters || !std::all_of(value.begin(), value.end(), absl::ascii_isupper)) {
    violations.Add(field, "must be two upper-case letters");
  }
  return value;
}

}  // namespace countersign::billing
