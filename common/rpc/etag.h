// Etags (AIP-154): a resource's version as text. Opaque to callers; they only give it back.
#ifndef COUNTERSIGN_COMMON_RPC_ETAG_H_
#define COUNTERSIGN_COMMON_RPC_ETAG_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"

namespace countersign::rpc {

inline std::string EtagOf(int64_t version) { return absl::StrCat(version); }

// OK when `etag` is empty (the caller does not mind) or that of `version`. Error: ABORTED ETAG_MISMATCH.
inline absl::Status CheckEtag(absl::string_view etag, int64_t version) {
  if (etag.empty() || etag == EtagOf(version)) return absl::OkStatus();
  return Error(absl::StatusCode::kAborted, "ETAG_MISMATCH", "It changed since it was read: read it again.",
               {{"etag", EtagOf(version)}});
}

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_ETAG_H_
