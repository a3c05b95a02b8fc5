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

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/base/error.h"
#include "common/mysql/condition.h"
#include "common/mysql/filter_field.h"

namespace countersign::rpc {

inline constexpr int kMaxFilterBytes = 1000;
inline constexpr int kMaxFilterTerms = 50;
inline constexpr int kMaxFilterDepth = 8;

// The condition that the filter `text` makes over `fields`; an empty text makes an empty one. What is not understood is
// a violation of "filter" that says what and where, and then the result is empty.
mysql::Condition RequireFilter(FieldViolations& violations, absl::string_view text,
                               absl::Span<const mysql::FilterField> fields);

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_FILTER_H_
