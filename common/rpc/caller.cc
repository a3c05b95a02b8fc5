#include "common/rpc/caller.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"

namespace countersign::rpc {
namespace {

constexpr int kMaxNameLength = 63;

bool IsName(absl::string_view text) {
  if (text.empty() || text.size() > kMaxNameLength) return false;
  for (const char c : text) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
  }
  return true;
}

absl::Status Malformed() {
  return Error(absl::StatusCode::kUnauthenticated, "CALLER_MALFORMED",
               "The metadata countersign-caller must be partners/{uuid}, operators/{name}, viewers/{name} or "
               "services/{name}.");
}

}  // namespace

absl::StatusOr<Caller> ParseCaller(absl::string_view text) {
  absl::string_view id = text;
  if (absl::ConsumePrefix(&id, "partners/")) {
    const absl::StatusOr<Uuid> partner = Uuid::Parse(id);
    if (!partner.ok() || partner->is_nil()) return Malformed();
    return Caller{Role::kPartner, std::string(text), *partner};
  }
  if (absl::ConsumePrefix(&id, "operators/") && IsName(id)) return Caller{Role::kOperator, std::string(text), Uuid()};
  if (absl::ConsumePrefix(&id, "viewers/") && IsName(id)) return Caller{Role::kViewer, std::string(text), Uuid()};
  if (absl::ConsumePrefix(&id, "services/") && IsName(id)) return Caller{Role::kService, std::string(text), Uuid()};
  return Malformed();
}

absl::StatusOr<Caller> IdentifyCaller(const grpc::ServerContextBase& context) {
  const auto& metadata = context.client_metadata();
  const auto [begin, end] = metadata.equal_range(kCallerMetadata);
  if (begin == end || std::next(begin) != end) {
    return Error(absl::StatusCode::kUnauthenticated, "CALLER_MISSING",
                 "The request must say once who calls, in the metadata countersign-caller.");
  }
  return ParseCaller(absl::string_view(begin->second.data(), begin->second.size()));
}

}  // namespace countersign::rpc
