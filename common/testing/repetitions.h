// How often a test tries what chance or the order of events decides.
#ifndef COUNTERSIGN_COMMON_TESTING_REPETITIONS_H_
#define COUNTERSIGN_COMMON_TESTING_REPETITIONS_H_

#include <algorithm>
#include <cstdlib>

#include "absl/strings/numbers.h"

namespace countersign::testing {

// `usual`, divided by the number in COUNTERSIGN_REPETITIONS_DIVISOR; at least 1. ctest sets that for sanitized builds
// (cmake/Countersign.cmake): the unsanitized run has tried every case, and what sanitizers look for does not depend on
// how often.
inline int Repetitions(int usual) {
  const char* const text = std::getenv("COUNTERSIGN_REPETITIONS_DIVISOR");
  int divisor = 1;
  if (text == nullptr || !absl::SimpleAtoi(text, &divisor) || divisor < 1) return usual;
  return std::max(1, usual / divisor);
}

}  // namespace countersign::testing

#endif  // COUNTERSIGN_COMMON_TESTING_REPETITIONS_H_
