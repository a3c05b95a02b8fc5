#include "common/rpc/update_mask.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/descriptor.h"

namespace countersign::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Whether the field at `path` is set; false for a path that the message does not have.
bool IsSet(const Message& resource, absl::string_view path) {
  const Message* message = &resource;
  const std::vector<std::string> names = absl::StrSplit(path, '.');
  for (size_t i = 0; i < names.size(); ++i) {
    const FieldDescriptor* field = message->GetDescriptor()->FindFieldByName(names[i]);
    if (field == nullptr) return false;
    const bool set = field->is_repeated() ? message->GetReflection()->FieldSize(*message, field) > 0
                                          : message->GetReflection()->HasField(*message, field);
    if (!set || i + 1 == names.size()) return set;
    if (field->is_repeated() || field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return false;
    message = &message->GetReflection()->GetMessage(*message, field);
  }
  return false;
}

}  // namespace

UpdateMask RequireUpdateMask(FieldViolations& violations, const google::protobuf::FieldMask& mask,
                             const Message& resource, absl::Span<const absl::string_view> allowed) {
  std::set<std::string, std::less<>> paths;
  if (mask.paths_size() == 1 && mask.paths(0) == "*") return UpdateMask({allowed.begin(), allowed.end()});
  for (const std::string& path : mask.paths()) {
    if (std::find(allowed.begin(), allowed.end(), path) != allowed.end()) {
      paths.insert(path);
    } else {
      violations.Add("update_mask", absl::StrCat("names something else than ", absl::StrJoin(allowed, ", "), " or *"));
      return UpdateMask();
    }
  }
  if (mask.paths_size() > 0) return UpdateMask(std::move(paths));
  for (const absl::string_view path : allowed) {
    if (IsSet(resource, path)) paths.emplace(path);
  }
  if (paths.empty()) {
    violations.Add("update_mask",
                   absl::StrCat("is required when none of these is set: ", absl::StrJoin(allowed, ", ")));
  }
  return UpdateMask(std::move(paths));
}

}  // namespace countersign::rpc
