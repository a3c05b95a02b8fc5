// Requests of AuthorizationService, checked and in the domain's types.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_AUTHORIZATION_REQUESTS_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_AUTHORIZATION_REQUESTS_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/base/uuid.h"
#include "common/rpc/call.h"
#include "countersign/partner/v1/authorization_service.pb.h"

namespace countersign::partner {

// "offers/{offer}" → the id, a slug.
std::string RequireOffer(FieldViolations& violations, absl::string_view field, absl::string_view value);

struct CreateAuthorizationCommand {
  Uuid tenant;                           // The partner.
  std::string product;                   // An offer's id, or "-".
  std::optional<absl::Time> start_time;  // None: now.
  std::optional<absl::Time> end_time;
};
absl::StatusOr<CreateAuthorizationCommand> ParseCreateAuthorization(const rpc::Call& call,
                                                                    const v1::CreateAuthorizationRequest& request);

struct UpdateAuthorizationCommand {
  Uuid tenant;  // The partner.
  Uuid id;
  std::optional<absl::Time> end_time;  // The only field that may change; none: until further notice.
  std::string etag;
};
absl::StatusOr<UpdateAuthorizationCommand> ParseUpdateAuthorization(const rpc::Call& call,
                                                                    const v1::UpdateAuthorizationRequest& request);

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_AUTHORIZATION_REQUESTS_H_
