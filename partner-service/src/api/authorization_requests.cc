#include "partner-service/src/api/authorization_requests.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/slug.h"
#include "common/base/status_macros.h"
#include "common/rpc/fields.h"
#include "common/rpc/update_mask.h"
#include "partner-service/src/api/names.h"

namespace countersign::partner {

std::string RequireOffer(FieldViolations& violations, absl::string_view field, absl::string_view value) {
  absl::string_view id = value;
  if (!absl::ConsumePrefix(&id, kOfferPrefix) || !IsSlug(id)) {
    violations.Add(
        field, absl::StrCat("must be offers/{offer}, where the id is 1 to ", kMaxSlugBytes, " of a–z, 0–9 and hyphen"));
  }
  return std::string(id);
}

absl::StatusOr<CreateAuthorizationCommand> ParseCreateAuthorization(const rpc::Call& call,
                                                                    const v1::CreateAuthorizationRequest& request) {
  FieldViolations violations;
  const v1::Authorization& authorization = request.authorization();
  CreateAuthorizationCommand command;
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

absl::StatusOr<UpdateAuthorizationCommand> ParseUpdateAuthorization(const rpc::Call& call,
                                                                    const v1::UpdateAuthorizationRequest& request) {
  FieldViolations violations;
  const v1::Authorization& authorization = request.authorization();
  const std::vector<Uuid> ids =
      rpc::RequireName(violations, "authorization.name", kAuthorizationName, authorization.name());
  rpc::RequireUpdateMask(violations, request.update_mask(), authorization, {"end_time"});
  UpdateAuthorizationCommand command{.tenant = ids[0], .id = ids[1], .end_time = {}, .etag = request.etag()};
  if (authorization.has_end_time()) {
    command.end_time = rpc::RequireTime(violations, "authorization.end_time", true, authorization.end_time());
  }
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(call.RequirePartner(command.tenant));
  return command;
}

}  // namespace countersign::partner
