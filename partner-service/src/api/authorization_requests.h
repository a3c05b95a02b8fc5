// Requests about authorizations to sell, checked and in the domain's types: as partner_requests.h.
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
#include "countersign/partner/v1/partner_service.pb.h"
#include "partner-service/src/api/partner_requests.h"

namespace countersign::partner {

// "offers/{offer}" → the id, 1 to 64 of a–z, 0–9 and hyphen.
std::string RequireOffer(FieldViolations& violations, absl::string_view field, absl::string_view value);

struct CreateAuthorization {
  Uuid tenant;                           // The partner.
  std::string product;                   // An offer's id, or "-".
  std::optional<absl::Time> start_time;  // None: now.
  std::optional<absl::Time> end_time;
};
absl::StatusOr<CreateAuthorization> ParseCreateAuthorization(const rpc::Call& call,
                                                             const v1::CreateAuthorizationRequest& request);

struct FindAuthorization {
  Uuid partner;
  Uuid authorization;
};
absl::StatusOr<FindAuthorization> ParseGetAuthorization(const rpc::Call& call,
                                                        const v1::GetAuthorizationRequest& request);

absl::StatusOr<ListUnderPartner> ParseListAuthorizations(const rpc::Call& call,
                                                         const v1::ListAuthorizationsRequest& request);

struct UpdateAuthorization {
  Uuid tenant;  // The partner.
  Uuid authorization;
  std::optional<absl::Time> end_time;  // The only field that may change; none: until further notice.
  std::string etag;
};
absl::StatusOr<UpdateAuthorization> ParseUpdateAuthorization(const rpc::Call& call,
                                                             const v1::UpdateAuthorizationRequest& request);

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_AUTHORIZATION_REQUESTS_H_
