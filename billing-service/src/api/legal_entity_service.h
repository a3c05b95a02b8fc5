// countersign.billing.v1.LegalEntityService: the companies that sell.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_LEGAL_ENTITY_SERVICE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_LEGAL_ENTITY_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "billing-service/src/api/legal_entity_requests.h"
#include "billing-service/src/domain/names.h"
#include "billing-service/src/store/legal_entity_store.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/billing/v1/legal_entity_service.grpc.pb.h"

namespace countersign::billing {

// Thread-safe. Errors are those of legal_entity_service.proto.
class LegalEntityService final : public v1::LegalEntityService::Service {
 public:
  // All must outlive the service.
  LegalEntityService(const rpc::Endpoint& endpoint, events::Committer& committer, const LegalEntityStore& entities)
      : endpoint_(endpoint), committer_(committer), entities_(entities) {}

  grpc::Status CreateLegalEntity(grpc::ServerContext* context, const v1::CreateLegalEntityRequest* request,
                                 v1::LegalEntity* reply) override {
    return endpoint_.Mutate(Method("CreateLegalEntity"), context, *request, reply, ParseCreateLegalEntity,
                            std::bind_front(&LegalEntityService::Create, this));
  }
  grpc::Status GetLegalEntity(grpc::ServerContext* context, const v1::GetLegalEntityRequest* request,
                              v1::LegalEntity* reply) override {
    return endpoint_.Read(Method("GetLegalEntity"), context, *request, reply, rpc::ParseNamed{kLegalEntityName},
                          std::bind_front(&LegalEntityService::Get, this));
  }
  grpc::Status ListLegalEntities(grpc::ServerContext* context, const v1::ListLegalEntitiesRequest* request,
                                 v1::ListLegalEntitiesResponse* reply) override {
    return endpoint_.Read(Method("ListLegalEntities"), context, *request, reply,
                          rpc::ParseList{"", LegalEntityFilterFields()},
                          std::bind_front(&LegalEntityService::List, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::LegalEntityService::service_full_name(), name}; }

  absl::StatusOr<v1::LegalEntity> Create(const rpc::Call& call, const CreateLegalEntityCommand& command);
  absl::StatusOr<v1::LegalEntity> Get(const rpc::Call& call, const rpc::NamedResource& named) const;
  absl::StatusOr<v1::ListLegalEntitiesResponse> List(const rpc::Call& call, const rpc::ListRequest& command) const;

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  const LegalEntityStore& entities_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_LEGAL_ENTITY_SERVICE_H_
