// The stories of where a partner's fees go.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_PAYEE_PROFILE_HANDLERS_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_PAYEE_PROFILE_HANDLERS_H_

#include "absl/status/statusor.h"
#include "common/base/crypto.h"
#include "common/rpc/call.h"
#include "countersign/partner/v1/payee_profile.pb.h"
#include "partner-service/src/api/payee_profile_requests.h"
#include "partner-service/src/store/partner_store.h"
#include "partner-service/src/store/payee_profile_store.h"

namespace countersign::partner {

// Thread-safe. Errors are those of the methods in partner_service.proto.
class PayeeProfileHandlers {
 public:
  // All must outlive the handlers. The bank reference is encrypted under the current one of `data_keys`.
  PayeeProfileHandlers(PartnerStore& partners, PayeeProfileStore& profiles, const KeyRing& data_keys)
      : partners_(partners), profiles_(profiles), data_keys_(data_keys) {}

  absl::StatusOr<v1::PayeeProfile> Get(const rpc::Call& call, const GetPayeeProfile& command) const;
  absl::StatusOr<v1::PayeeProfile> Update(const rpc::Call& call, const UpdatePayeeProfile& command);

 private:
  PartnerStore& partners_;
  PayeeProfileStore& profiles_;
  const KeyRing& data_keys_;
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_PAYEE_PROFILE_HANDLERS_H_
