// The names of an enum's values, said once: rows, filters, messages and errors all take them from one table.
//
//   inline constexpr Named<LinkState> kLinkStates[] = {{LinkState::kActive, "ACTIVE"}, {LinkState::kRevoked,
//   "REVOKED"}}; inline absl::string_view NameOf(LinkState state) { return NameIn(kLinkStates, state); }
#ifndef COUNTERSIGN_COMMON_BASE_NAMED_H_
#define COUNTERSIGN_COMMON_BASE_NAMED_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"

namespace countersign {

template <typename Enum>
struct Named {
  Enum value;
  absl::string_view name;  // UPPER_SNAKE, as in rows and in protos without the enum's prefix.
};

// The value's name; empty for a value that the table does not have.
template <typename Enum, size_t kCount>
absl::string_view NameIn(const Named<Enum> (&table)[kCount], Enum value) {
  for (const Named<Enum>& entry : table) {
    if (entry.value == value) return entry.name;
  }
  return "";
}

// The value of that name; nullopt when the table does not have it.
template <typename Enum, size_t kCount>
std::optional<Enum> FindNamed(const Named<Enum> (&table)[kCount], absl::string_view name) {
  for (const Named<Enum>& entry : table) {
    if (entry.name == name) return entry.value;
  }
  return std::nullopt;
}

// All names, in the table's order.
template <typename Enum, size_t kCount>
std::vector<absl::string_view> NamesIn(const Named<Enum> (&table)[kCount]) {
  std::vector<absl::string_view> names;
  for (const Named<Enum>& entry : table) names.push_back(entry.name);
  return names;
}

}  // namespace countersign

#endif  // COUNTERSIGN_COMMON_BASE_NAMED_H_
