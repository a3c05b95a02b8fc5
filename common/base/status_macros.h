// Early return on error for functions that return absl::Status or absl::StatusOr.
#ifndef COUNTERSIGN_COMMON_BASE_STATUS_MACROS_H_
#define COUNTERSIGN_COMMON_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Returns the status of `expression` from the enclosing function unless it is OK.
#define RETURN_IF_ERROR(expression)                                         \
  do {                                                                      \
    if (absl::Status status_ = (expression); !status_.ok()) return status_; \
  } while (false)

#define COUNTERSIGN_CONCAT_INNER(a, b) a##b
#define COUNTERSIGN_CONCAT(a, b) COUNTERSIGN_CONCAT_INNER(a, b)

// Assigns the value of a StatusOr `expression` to `target` (a declaration or an lvalue), or returns its error.
#define ASSIGN_OR_RETURN(target, expression) \
  COUNTERSIGN_ASSIGN_OR_RETURN(COUNTERSIGN_CONCAT(result_, __LINE__), target, expression)
#define COUNTERSIGN_ASSIGN_OR_RETURN(result, target, expression) \
  auto result = (expression);                                    \
  if (!result.ok()) return std::move(result).status();           \
  target = *std::move(result)

#endif  // COUNTERSIGN_COMMON_BASE_STATUS_MACROS_H_
