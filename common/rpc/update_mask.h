// The update_mask of Update methods (AIP-134).
#ifndef COUNTERSIGN_COMMON_RPC_UPDATE_MASK_H_
#define COUNTERSIGN_COMMON_RPC_UPDATE_MASK_H_

#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/base/error.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"

namespace countersign::rpc {

// Which fields a call changes; the others keep what they have.
class UpdateMask {
 public:
  explicit UpdateMask(std::set<std::string, std::less<>> paths = {}) : paths_(std::move(paths)) {}
  static UpdateMask All(absl::Span<const absl::string_view> paths) {  // As for a resource that is created.
    return UpdateMask({paths.begin(), paths.end()});
  }
  bool Has(absl::string_view path) const { return paths_.find(path) != paths_.end(); }

 private:
  std::set<std::string, std::less<>> paths_;
};

// The fields that `mask` names, of those that may be changed: `allowed`, each "display_name" or
// "payee_profile.currency". No mask: the allowed fields that `resource` has set. "*", alone: all allowed ones. A path
// that is not allowed (unknown or output only), and a call that would change nothing, is a violation of "update_mask".
UpdateMask RequireUpdateMask(FieldViolations& violations, const google::protobuf::FieldMask& mask,
                             const google::protobuf::Message& resource, absl::Span<const absl::string_view> allowed);

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_UPDATE_MASK_H_
