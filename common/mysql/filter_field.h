// The fields that a list may be filtered by: a store names its columns, common/rpc/filter.h makes a condition of a
// caller's text.
#ifndef COUNTERSIGN_COMMON_MYSQL_FILTER_FIELD_H_
#define COUNTERSIGN_COMMON_MYSQL_FILTER_FIELD_H_

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"

namespace countersign::mysql {

enum class FilterType : uint8_t {
  kText,   // All operators, in the order of code points; spaces at the end do not count. Of a utf8mb4_bin column.
  kAscii,  // As kText, of an ascii_bin column, which compares with ASCII text only: other text is a violation.
  kInt,    // A whole number of 64 bits.
  kBool,   // true or false; = and != only.
  kDate,   // "2009-06-01", of a DATE column.
  kTime,   // RFC 3339: "2009-06-01T00:00:00Z".
  kEnum,   // One of `words`; = and != only.
  kUuid,   // A lower-case UUID; = and != only.
  kName,   // A resource name that matches `words[0]`; its last id is compared; = and != only.
  // A resource name without UUIDs: `words[0]`, and then a slug (common/base/slug.h), which is compared; = and != only.
  kSlug,
};

// A field that may be filtered by. All of it is constant text.
struct FilterField {
  absl::string_view name;    // As in the resource: "state".
  absl::string_view column;  // As in the statement: "state", "o.create_time".
  FilterType type = FilterType::kText;
  // The values of an enum, as the column has them; a name's pattern; a slug's beginning, "offers/".
  std::vector<absl::string_view> words = {};
};

}  // namespace countersign::mysql

#endif  // COUNTERSIGN_COMMON_MYSQL_FILTER_FIELD_H_
