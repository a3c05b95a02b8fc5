// How many files and connections this process may have open.
#ifndef COUNTERSIGN_COMMON_SERVICE_DESCRIPTORS_H_
#define COUNTERSIGN_COMMON_SERVICE_DESCRIPTORS_H_

#include <cstdint>

#include "absl/status/statusor.h"

namespace countersign::service {

// The page alone may have some 1,100 connections; the rest is for callers, peers, the database and files.
inline constexpr int64_t kMinDescriptors = 4'096;
inline constexpr int64_t kEnoughDescriptors = 65'536;

// Raises this process's limit of open files as far as it may, to kEnoughDescriptors at most, and gives the new limit.
// Error: FAILED_PRECONDITION DESCRIPTOR_LIMIT, when it stays below `min`.
absl::StatusOr<int64_t> RaiseDescriptorLimit(int64_t min = kMinDescriptors);

}  // namespace countersign::service

#endif  // COUNTERSIGN_COMMON_SERVICE_DESCRIPTORS_H_
