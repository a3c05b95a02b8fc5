// The stories of what a partner may sell.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_AUTHORIZATION_HANDLERS_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_AUTHORIZATION_HANDLERS_H_

#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "countersign/partner/v1/authorization.pb.h"
#include "countersign/partner/v1/partner_service.pb.h"
#include "partner-service/src/api/authorization_requests.h"
#include "partner-service/src/store/authorization_store.h"
#include "partner-service/src/store/partner_store.h"

namespace countersign::partner {

// Thread-safe. Errors are those of the methods in partner_service.proto.
class AuthorizationHandlers {
 public:
  // Both must outlive the handlers.
  AuthorizationHandlers(PartnerStore& partners, AuthorizationStore& authorizations)
      : partners_(partners), authorizations_(authorizations) {}

  absl::StatusOr<v1::Authorization> Create(const rpc::Call& call, const CreateAuthorization& command);
  absl::StatusOr<v1::Authorization> Get(const rpc::Call& call, const FindAuthorization& command) const;
  absl::StatusOr<v1::ListAuthorizationsResponse> List(const rpc::Call& call, const ListUnderPartner& command) const;
  absl::StatusOr<v1::Authorization> Update(const rpc::Call& call, const UpdateAuthorization& command);

 private:
  PartnerStore& partners_;
  AuthorizationStore& authorizations_;
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_AUTHORIZATION_HANDLERS_H_
