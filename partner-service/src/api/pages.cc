#include "partner-service/src/api/pages.h"

#include <cstdint>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace countersign::partner {

std::string ToText(const Position& position) {
  return absl::StrCat(absl::ToUnixMicros(position.time), "/", position.id.ToString());
}

Position PositionOf(const std::string& text) {
  const std::pair<std::string, std::string> parts = absl::StrSplit(text, absl::MaxSplits('/', 1));
  int64_t micros = 0;
  Position position;
  if (absl::SimpleAtoi(parts.first, &micros)) position.time = absl::FromUnixMicros(micros);
  position.id = Uuid::Parse(parts.second).value_or(Uuid());
  return position;
}

}  // namespace countersign::partner
