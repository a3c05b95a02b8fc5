#include "common/rpc/names.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace countersign::rpc {
namespace {

bool IsPlaceholder(absl::string_view part) { return absl::StartsWith(part, "{"); }

absl::Status Mismatch(absl::string_view pattern) {
  return absl::InvalidArgumentError(absl::StrCat("must be ", pattern, " with lower-case UUIDs"));
}

}  // namespace

absl::StatusOr<std::vector<Uuid>> ParseName(absl::string_view pattern, absl::string_view name) {
  const std::vector<absl::string_view> expected = absl::StrSplit(pattern, '/');
  const std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
  if (parts.size() != expected.size()) return Mismatch(pattern);
  std::vector<Uuid> ids;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (!IsPlaceholder(expected[i])) {
      if (parts[i] != expected[i]) return Mismatch(pattern);
      continue;
    }
    const absl::StatusOr<Uuid> id = Uuid::Parse(parts[i]);
    if (!id.ok()) return Mismatch(pattern);
    ids.push_back(*id);
  }
  return ids;
}

std::string FormatName(absl::string_view pattern, std::initializer_list<Uuid> ids) {
  std::vector<std::string> parts = absl::StrSplit(pattern, '/');
  auto id = ids.begin();
  for (std::string& part : parts) {
    if (IsPlaceholder(part) && id != ids.end()) part = (id++)->ToString();
  }
  return absl::StrJoin(parts, "/");
}

}  // namespace countersign::rpc
