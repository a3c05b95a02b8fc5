// See scripts/fuzz.
#include <cstddef>
#include <cstdint>

#include "link-service/src/web/fuzz/fuzz_target.h"
#include "link-service/src/web/parser_rules.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return countersign::link::web::EndIfBroken(countersign::link::web::BrokenByForm, data, size);
}
