// The filter of List methods (AIP-160, a subset):
//
//   filter      = [ group { "AND" group } ]
//   group       = restriction-or-parentheses { "OR" restriction-or-parentheses }     OR binds tighter than AND
//   parentheses = "(" group ")"
//   restriction = field ( "=" | "!=" | "<" | "<=" | ">" | ">=" ) value
//   value       = "…" or '…' with \ before a quote or \, or a word without spaces, quotes, parentheses, = < > !
//
// `state = ACTIVE AND create_time > "2009-06-01T00:00:00Z"`. AND and OR are upper-case; there are no wildcards, no NOT
// and no functions. At most 1,000 bytes, 50 restrictions, 8 parentheses deep.
#ifndef COUNTERSIGN_COMMON_RPC_FILTER_H_
#define COUNTERSIGN_COMMON_RPC_FILTER_H_

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/base/error.h"
#include "common/mysql/condition.h"

namespace countersign::rpc {

inline constexpr int kMaxFilterBytes = 1000;
inline constexpr int kMaxFilterTerms = 50;
inline constexpr int kMaxFilterDepth = 8;

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
  // A resource name without UUIDs: `words[0]`, and then 1 to 64 of a–z, 0–9 and hyphen, which are compared; = and !=
  // only.
  kSlug,
};

// A field that may be filtered by. All of it is constant text of the handler's.
struct FilterField {
  absl::string_view name;    // As in the resource: "state".
  absl::string_view column;  // As in the statement: "state", "o.create_time".
  FilterType type = FilterType::kText;
  // The values of an enum, as the column has them; a name's pattern; a slug's beginning, "offers/".
  std::vector<absl::string_view> words = {};
};

// The condition that the filter `text` makes over `fields`; an empty text makes an empty one. What is not understood is
// a violation of "filter" that says what and where, and then the result is empty.
mysql::Condition RequireFilter(FieldViolations& violations, absl::string_view text,
                               absl::Span<const FilterField> fields);

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_FILTER_H_
