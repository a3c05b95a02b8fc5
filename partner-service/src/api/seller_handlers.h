// The question that order-service asks before an order is written or goes out.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_SELLER_HANDLERS_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_SELLER_HANDLERS_H_

#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "countersign/partner/v1/partner_service.pb.h"
#include "partner-service/src/api/customer_requests.h"
#include "partner-service/src/store/agreement_store.h"
#include "partner-service/src/store/authorization_store.h"
#include "partner-service/src/store/customer_store.h"
#include "partner-service/src/store/partner_store.h"

namespace countersign::partner {

// What CheckSeller reads from. All must outlive the handlers.
struct SellerStores {
  PartnerStore& partners;
  AgreementStore& agreements;
  CustomerStore& customers;
  AuthorizationStore& authorizations;
};

// Thread-safe. Errors are those of the method in partner_service.proto.
class SellerHandlers {
 public:
  explicit SellerHandlers(const SellerStores& stores) : stores_(stores) {}

  absl::StatusOr<v1::CheckSellerResponse> Check(const rpc::Call& call, const CheckSeller& command) const;

 private:
  const SellerStores stores_;
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_SELLER_HANDLERS_H_
