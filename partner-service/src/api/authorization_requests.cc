#include "partner-service/src/api/authorization_requests.h"

#include <cstddef>
#include <vector>

#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "common/rpc/names.h"
#include "common/rpc/update_mask.h"
#include "partner-service/src/api/names.h"

namespace countersign::partner {
namespace {

constexpr size_t kMaxOfferBytes = 64;

// What is in force until further notice ends later than any time.
std::vector<mysql::FilterField> AuthorizationFilterFields() {
  using enum mysql::FilterType;
  return {{"product", "product", kSlug, {kOfferPrefix}},
          {"start_time", "start_time", kTime},
          {"end_time", "COALESCE(end_time, TIMESTAMP'9999-12-31 23:59:59')", kTime},
          {"create_time", "create_time", kTime}};
}

}  // namespace

std::string RequireOffer(FieldViolations& violations, absl::string_view field, absl::string_view value) {
  absl::string_view id = value;
  if (!absl::ConsumePrefix(&id, kOfferPrefix) || !rpc::IsSlug(id, kMaxOfferBytes)) {
    violations.Add(field, "must be offers/{offer}");
  }
  return std::string(id);
}

absl::StatusOr<CreateAuthorization> ParseCreateAuthorization(const rpc::Call& call,
                                                             const v1::CreateAuthorizationRequest& request) {
  FieldViolations violations;
  const v1::Authorization& authorization = request.authorization();
  CreateAuthorization command;
  command.tenant = rpc::RequireName(violations, "parent", kPartnerName, request.parent())[0];
  command.product = RequireOffer(violations, "authorization.product", authorization.product());
  if (authorization.has_start_time()) {
    command.start_time = rpc::RequireTime(violations, "authorization.start_time", true, authorization.start_time());
  }
  if (authorization.has_end_time()) {
    command.end_time = rpc::RequireTime(violations, "authorization.end_time", true, authorization.end_time());
  }
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.tenant));
  return command;
}

absl::StatusOr<FindAuthorization> ParseGetAuthorization(const rpc::Call& call,
                                                        const v1::GetAuthorizationRequest& request) {
  FieldViolations violations;
  const std::vector<Uuid> ids = rpc::RequireName(violations, "name", kAuthorizationName, request.name());
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(ids[0]));
  return FindAuthorization{.partner = ids[0], .authorization = ids[1]};
}

absl::StatusOr<ListUnderPartner> ParseListAuthorizations(const rpc::Call& call,
                                                         const v1::ListAuthorizationsRequest& request) {
  return ParseListUnderPartner(call, request, AuthorizationFilterFields());
}

absl::StatusOr<UpdateAuthorization> ParseUpdateAuthorization(const rpc::Call& call,
                                                             const v1::UpdateAuthorizationRequest& request) {
  FieldViolations violations;
  const v1::Authorization& authorization = request.authorization();
  const std::vector<Uuid> ids =
      rpc::RequireName(violations, "authorization.name", kAuthorizationName, authorization.name());
  rpc::RequireUpdateMask(violations, request.update_mask(), authorization, {"end_time"});
  UpdateAuthorization command{.tenant = ids[0], .authorization = ids[1], .end_time = {}, .etag = request.etag()};
  if (authorization.has_end_time()) {
    command.end_time = rpc::RequireTime(violations, "authorization.end_time", true, authorization.end_time());
  }
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.tenant));
  return command;
}

}  // namespace countersign::partner
