// countersign.partner.v1.PayeeProfileService: the stories of where a partner's fees go.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_PAYEE_PROFILE_SERVICE_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_PAYEE_PROFILE_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/crypto.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/partner/v1/payee_profile_service.grpc.pb.h"
#include "partner-service/src/api/names.h"
#include "partner-service/src/api/payee_profile_requests.h"
#include "partner-service/src/store/partner_store.h"
#include "partner-service/src/store/payee_profile_store.h"

namespace countersign::partner {

// Thread-safe. Errors are those of payee_profile_service.proto.
class PayeeProfileService final : public v1::PayeeProfileService::Service {
 public:
  // All must outlive the service. Bank references are encrypted under the current one of `data_keys`.
  PayeeProfileService(const rpc::Endpoint& endpoint, events::Committer& committer, const PartnerStore& partners,
                      const PayeeProfileStore& profiles, const KeyRing& data_keys)
      : endpoint_(endpoint), committer_(committer), partners_(partners), profiles_(profiles), data_keys_(data_keys) {}

  grpc::Status GetPayeeProfile(grpc::ServerContext* context, const v1::GetPayeeProfileRequest* request,
                               v1::PayeeProfile* reply) override {
    return endpoint_.Read(Method("GetPayeeProfile"), context, *request, reply, rpc::ParseNamed{kPayeeProfileName},
                          std::bind_front(&PayeeProfileService::Get, this));
  }
  grpc::Status UpdatePayeeProfile(grpc::ServerContext* context, const v1::UpdatePayeeProfileRequest* request,
                                  v1::PayeeProfile* reply) override {
    return endpoint_.Mutate(Method("UpdatePayeeProfile"), context, *request, reply, ParseUpdatePayeeProfile,
                            std::bind_front(&PayeeProfileService::Update, this));
  }
  grpc::Status ResolvePayeeAccount(grpc::ServerContext* context, const v1::ResolvePayeeAccountRequest* request,
                                   v1::ResolvePayeeAccountResponse* reply) override {
    return endpoint_.Read(Method("ResolvePayeeAccount"), context, *request, reply, rpc::ParseNamed{kPayeeProfileName},
                          std::bind_front(&PayeeProfileService::Resolve, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::PayeeProfileService::service_full_name(), name}; }

  absl::StatusOr<v1::PayeeProfile> Get(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::ResolvePayeeAccountResponse> Resolve(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::PayeeProfile> Update(const rpc::Call& call, const UpdatePayeeProfileCommand& command);

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const PartnerStore& partners_;
  const PayeeProfileStore& profiles_;
  const KeyRing& data_keys_;
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_PAYEE_PROFILE_SERVICE_H_
