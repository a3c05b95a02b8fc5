// The calls of billing-service to partner-service.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_CLIENTS_PAYEE_CLIENT_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_CLIENTS_PAYEE_CLIENT_H_

#include <memory>

#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "countersign/partner/v1/partner.pb.h"
#include "countersign/partner/v1/partner_service.pb.h"
#include "countersign/partner/v1/payee_profile.pb.h"
#include "countersign/partner/v1/payee_profile_service.pb.h"
#include "grpcpp/channel.h"

namespace countersign::billing {

// Thread-safe. Abstract, so that tests can replace the peer.
class PayeeClient {
 public:
  virtual ~PayeeClient() = default;

  // A partner's payee profile. Errors: those of the method; UNAVAILABLE when partner-service is down.
  virtual absl::StatusOr<partner::v1::PayeeProfile> GetPayeeProfile(
      const rpc::Outgoing& outgoing, const partner::v1::GetPayeeProfileRequest& request) = 0;

  // The account to pay a partner's fees to, in full: secret. Errors: those of the method; UNAVAILABLE when
  // partner-service is down.
  virtual absl::StatusOr<partner::v1::ResolvePayeeAccountResponse> ResolvePayeeAccount(
      const rpc::Outgoing& outgoing, const partner::v1::ResolvePayeeAccountRequest& request) = 0;

  // A partner. Errors: those of the method; UNAVAILABLE when partner-service is down.
  virtual absl::StatusOr<partner::v1::Partner> GetPartner(const rpc::Outgoing& outgoing,
                                                          const partner::v1::GetPartnerRequest& request) = 0;

  // A partner by its number in the vendor's programme. Errors: those of the method; UNAVAILABLE when partner-service is
  // down.
  virtual absl::StatusOr<partner::v1::Partner> LookupPartner(const rpc::Outgoing& outgoing,
                                                             const partner::v1::LookupPartnerRequest& request) = 0;
};

std::unique_ptr<PayeeClient> MakePayeeClient(const std::shared_ptr<grpc::Channel>& channel);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_CLIENTS_PAYEE_CLIENT_H_
