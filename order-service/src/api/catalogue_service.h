// countersign.order.v1.CatalogueService: the catalogue as an operator keeps it in a file.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_CATALOGUE_SERVICE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_CATALOGUE_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "countersign/order/v1/catalogue_service.grpc.pb.h"
#include "order-service/src/api/catalogue_requests.h"
#include "order-service/src/store/catalogue_store.h"

namespace countersign::order {

// Thread-safe. Errors are those of catalogue_service.proto.
class CatalogueService final : public v1::CatalogueService::Service {
 public:
  // All must outlive the service.
  CatalogueService(const rpc::Endpoint& endpoint, events::Committer& committer, CatalogueStore& catalogue)
      : endpoint_(endpoint), committer_(committer), catalogue_(catalogue) {}

  grpc::Status ApplyCatalogue(grpc::ServerContext* context, const v1::ApplyCatalogueRequest* request,
                              v1::ApplyCatalogueResponse* reply) override {
    return endpoint_.Mutate(Method("ApplyCatalogue"), context, *request, reply, ParseApplyCatalogue,
                            std::bind_front(&CatalogueService::Apply, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::CatalogueService::service_full_name(), name}; }

  absl::StatusOr<v1::ApplyCatalogueResponse> Apply(const rpc::Call& call, const ApplyCatalogueCommand& command);

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  CatalogueStore& catalogue_;
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_CATALOGUE_SERVICE_H_
