#include "common/service/descriptors.h"

#include <sys/resource.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace countersign::service {

absl::StatusOr<int64_t> RaiseDescriptorLimit(int64_t min) {
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return absl::InternalError("getrlimit failed");
  const rlim_t wanted = std::min(limit.rlim_max, static_cast<rlim_t>(kEnoughDescriptors));
  if (limit.rlim_cur < wanted) {
    limit.rlim_cur = wanted;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return absl::InternalError("setrlimit failed");
  }
  const auto current = static_cast<int64_t>(std::min(limit.rlim_cur, static_cast<rlim_t>(INT64_MAX)));
  if (current < min) {
    return FailedPrecondition("DESCRIPTOR_LIMIT",
                              absl::StrCat("This process may open ", current, " files, and needs ", min,
                                           ". Raise the hard limit, for example with ulimit -Hn or LimitNOFILE=."),
                              {{"limit", absl::StrCat(current)}, {"min", absl::StrCat(min)}});
  }
  return current;
}

}  // namespace countersign::service
