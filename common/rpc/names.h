// Resource names: "partners/{partner}/orders/{order}", where each id is a lower-case UUID.
#ifndef COUNTERSIGN_COMMON_RPC_NAMES_H_
#define COUNTERSIGN_COMMON_RPC_NAMES_H_

#include <cstddef>
#include <initializer_list>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/uuid.h"

namespace countersign::rpc {

// The ids of `name`, one per {…} of `pattern`, in order. Error: INVALID_ARGUMENT naming the pattern.
absl::StatusOr<std::vector<Uuid>> ParseName(absl::string_view pattern, absl::string_view name);

// `pattern` with its {…} replaced by `ids`, in order. Requires as many ids as there are {…}.
std::string FormatName(absl::string_view pattern, std::initializer_list<Uuid> ids);

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_NAMES_H_
