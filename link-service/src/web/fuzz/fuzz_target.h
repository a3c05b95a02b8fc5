// The helper of libFuzzer targets.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_FUZZ_FUZZ_TARGET_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_FUZZ_FUZZ_TARGET_H_

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>

#include "absl/strings/string_view.h"

namespace countersign::link::web {

// Ends the process, with a word of why, where the input breaks a rule; libFuzzer then keeps the input. Else 0.
inline int EndIfBroken(std::string (*broken_by)(absl::string_view), const uint8_t* data, size_t size) {
  const std::string broken = broken_by({reinterpret_cast<const char*>(data), size});
  if (broken.empty()) return 0;
  std::cerr << broken << "\n";
  std::abort();
}

}  // namespace countersign::link::web

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_FUZZ_FUZZ_TARGET_H_
