// The stories of a partner's life in the programme: enrol, accept the agreement, and the vendor's decisions.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_PARTNER_HANDLERS_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_PARTNER_HANDLERS_H_

#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "countersign/partner/v1/partner.pb.h"
#include "countersign/partner/v1/partner_service.pb.h"
#include "partner-service/src/api/partner_requests.h"
#include "partner-service/src/domain/partner.h"
#include "partner-service/src/store/agreement_store.h"
#include "partner-service/src/store/partner_store.h"

namespace countersign::partner {

// Thread-safe. Errors are those of the methods in partner_service.proto.
class PartnerHandlers {
 public:
  // Both must outlive the handlers.
  PartnerHandlers(PartnerStore& partners, AgreementStore& agreements) : partners_(partners), agreements_(agreements) {}

  absl::StatusOr<v1::Partner> Create(const rpc::Call& call, const CreatePartner& command);
  absl::StatusOr<v1::Partner> Get(const rpc::Call& call, const GetPartner& command);
  absl::StatusOr<v1::ListPartnersResponse> List(const rpc::Call& call, const ListPartners& command);
  absl::StatusOr<v1::Partner> Lookup(const rpc::Call& call, const LookupPartner& command);
  absl::StatusOr<v1::Partner> Update(const rpc::Call& call, const UpdatePartner& command);
  absl::StatusOr<v1::Partner> AcceptAgreement(const rpc::Call& call, const AcceptAgreementCommand& command);
  // Approve, reject, suspend, reinstate, terminate.
  absl::StatusOr<v1::Partner> Transit(const rpc::Call& call, PartnerAct act, const Transition& command);

 private:
  PartnerStore& partners_;
  AgreementStore& agreements_;
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_PARTNER_HANDLERS_H_
