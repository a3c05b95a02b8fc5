// countersign.partner.v1.PartnerService: the stories of a partner's life in the programme.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_PARTNER_SERVICE_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_PARTNER_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/partner/v1/partner_service.grpc.pb.h"
#include "partner-service/src/api/names.h"
#include "partner-service/src/api/partner_requests.h"
#include "partner-service/src/domain/partner.h"
#include "partner-service/src/store/agreement_store.h"
#include "partner-service/src/store/partner_store.h"

namespace countersign::partner {

// Thread-safe. Errors are those of partner_service.proto.
class PartnerService final : public v1::PartnerService::Service {
 public:
  // All must outlive the service.
  PartnerService(const rpc::Endpoint& endpoint, events::Committer& committer, const PartnerStore& partners,
                 const AgreementStore& agreements)
      : endpoint_(endpoint), committer_(committer), partners_(partners), agreements_(agreements) {}

  grpc::Status CreatePartner(grpc::ServerContext* context, const v1::CreatePartnerRequest* request,
                             v1::Partner* reply) override {
    return endpoint_.Mutate(Method("CreatePartner"), context, *request, reply, ParseCreatePartner,
                            std::bind_front(&PartnerService::Create, this));
  }
  grpc::Status GetPartner(grpc::ServerContext* context, const v1::GetPartnerRequest* request,
                          v1::Partner* reply) override {
    return endpoint_.Read(Method("GetPartner"), context, *request, reply, rpc::ParseNamed{kPartnerName},
                          std::bind_front(&PartnerService::Get, this));
  }
  grpc::Status ListPartners(grpc::ServerContext* context, const v1::ListPartnersRequest* request,
                            v1::ListPartnersResponse* reply) override {
    return endpoint_.Read(Method("ListPartners"), context, *request, reply, rpc::ParseList{"", PartnerFilterFields()},
                          std::bind_front(&PartnerService::List, this));
  }
  grpc::Status LookupPartner(grpc::ServerContext* context, const v1::LookupPartnerRequest* request,
                             v1::Partner* reply) override {
    return endpoint_.Read(Method("LookupPartner"), context, *request, reply, ParseLookupPartner,
                          std::bind_front(&PartnerService::Lookup, this));
  }
  grpc::Status UpdatePartner(grpc::ServerContext* context, const v1::UpdatePartnerRequest* request,
                             v1::Partner* reply) override {
    return endpoint_.Mutate(Method("UpdatePartner"), context, *request, reply, ParseUpdatePartner,
                            std::bind_front(&PartnerService::Update, this));
  }
  grpc::Status ApprovePartner(grpc::ServerContext* context, const v1::ApprovePartnerRequest* request,
                              v1::Partner* reply) override {
    return endpoint_.Mutate(Method("ApprovePartner"), context, *request, reply, rpc::ParseTransition{kPartnerName},
                            std::bind_front(&PartnerService::Transit, this, PartnerAct::kApprove));
  }
  grpc::Status RejectPartner(grpc::ServerContext* context, const v1::RejectPartnerRequest* request,
                             v1::Partner* reply) override {
    return endpoint_.Mutate(Method("RejectPartner"), context, *request, reply, rpc::ParseTransition{kPartnerName},
                            std::bind_front(&PartnerService::Transit, this, PartnerAct::kReject));
  }
  grpc::Status SuspendPartner(grpc::ServerContext* context, const v1::SuspendPartnerRequest* request,
                              v1::Partner* reply) override {
    return endpoint_.Mutate(Method("SuspendPartner"), context, *request, reply, rpc::ParseTransition{kPartnerName},
                            std::bind_front(&PartnerService::Transit, this, PartnerAct::kSuspend));
  }
  grpc::Status ReinstatePartner(grpc::ServerContext* context, const v1::ReinstatePartnerRequest* request,
                                v1::Partner* reply) override {
    return endpoint_.Mutate(Method("ReinstatePartner"), context, *request, reply, rpc::ParseTransition{kPartnerName},
                            std::bind_front(&PartnerService::Transit, this, PartnerAct::kReinstate));
  }
  grpc::Status TerminatePartner(grpc::ServerContext* context, const v1::TerminatePartnerRequest* request,
                                v1::Partner* reply) override {
    return endpoint_.Mutate(Method("TerminatePartner"), context, *request, reply, rpc::ParseTransition{kPartnerName},
                            std::bind_front(&PartnerService::Transit, this, PartnerAct::kTerminate));
  }
  grpc::Status RestatePartner(grpc::ServerContext* context, const v1::RestatePartnerRequest* request,
                              v1::Partner* reply) override {
    return endpoint_.Mutate(Method("RestatePartner"), context, *request, reply, rpc::ParseTransition{kPartnerName},
                            std::bind_front(&PartnerService::Restate, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::PartnerService::service_full_name(), name}; }

  absl::StatusOr<v1::Partner> Create(const rpc::Call& call, const CreatePartnerCommand& command);
  absl::StatusOr<v1::Partner> Get(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::ListPartnersResponse> List(const rpc::Call& call, const rpc::ListRequest& command) const;
  absl::StatusOr<v1::Partner> Lookup(const rpc::Call& call, const LookupPartnerCommand& command) const;
  absl::StatusOr<v1::Partner> Update(const rpc::Call& call, const UpdatePartnerCommand& command);
  absl::StatusOr<v1::Partner> Transit(PartnerAct act, const rpc::Call& call, const rpc::NamedResource& named);
  absl::StatusOr<v1::Partner> Restate(const rpc::Call& call, const rpc::NamedResource& named);

  // The partner as a message, which says whether its agreement is current.
  absl::StatusOr<v1::Partner> Show(const rpc::Call& call, const Partner& partner) const;
  // Commits this version of the partner, which `reply` shows.
  absl::StatusOr<v1::Partner> Save(const rpc::Call& call, const Partner& partner, absl::string_view event_type,
                                   const v1::Partner& reply, absl::string_view reason = "");

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const PartnerStore& partners_;
  const AgreementStore& agreements_;
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_PARTNER_SERVICE_H_
