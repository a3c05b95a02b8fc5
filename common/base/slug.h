// Ids that people choose: "bpos-standard-suite", "2009-06".
#ifndef COUNTERSIGN_COMMON_BASE_SLUG_H_
#define COUNTERSIGN_COMMON_BASE_SLUG_H_

#include <cstddef>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"

namespace countersign {

inline constexpr size_t kMaxSlugBytes = 63;

// 1 to kMaxSlugBytes of a–z, 0–9 and hyphen.
inline bool IsSlug(absl::string_view text) {
  return !text.empty() && text.size() <= kMaxSlugBytes && absl::c_all_of(text, [](unsigned char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-';
  });
}

}  // namespace countersign

#endif  // COUNTERSIGN_COMMON_BASE_SLUG_H_
