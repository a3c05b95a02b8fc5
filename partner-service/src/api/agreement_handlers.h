// The stories of the partner agreement: its versions, and who accepted them. (AcceptAgreement changes a partner, and is
// told in partner_handlers.h.)
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_AGREEMENT_HANDLERS_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_AGREEMENT_HANDLERS_H_

#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "countersign/partner/v1/agreement.pb.h"
#include "countersign/partner/v1/partner_service.pb.h"
#include "partner-service/src/api/agreement_requests.h"
#include "partner-service/src/store/agreement_store.h"

namespace countersign::partner {

// Thread-safe. Errors are those of the methods in partner_service.proto.
class AgreementHandlers {
 public:
  explicit AgreementHandlers(AgreementStore& agreements) : agreements_(agreements) {}  // Must outlive the handlers.

  absl::StatusOr<v1::Agreement> Create(const rpc::Call& call, const CreateAgreement& command);
  absl::StatusOr<v1::Agreement> Get(const rpc::Call& call, const GetAgreement& command) const;
  absl::StatusOr<v1::ListAgreementsResponse> List(const rpc::Call& call, const ListAgreements& command) const;
  absl::StatusOr<v1::ListAgreementAcceptancesResponse> ListAcceptances(const rpc::Call& call,
                                                                       const ListUnderPartner& command) const;

 private:
  AgreementStore& agreements_;
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_AGREEMENT_HANDLERS_H_
