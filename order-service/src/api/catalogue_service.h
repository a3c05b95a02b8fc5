// countersign.order.v1.CatalogueService: what is for sale.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_CATALOGUE_SERVICE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_CATALOGUE_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/rpc/endpoint.h"
#include "countersign/order/v1/catalogue_service.grpc.pb.h"
#include "order-service/src/api/catalogue_requests.h"
#include "order-service/src/store/catalogue_store.h"

namespace countersign::order {

// Thread-safe. Errors are those of catalogue_service.proto.
class CatalogueService final : public v1::CatalogueService::Service {
 public:
  // Both must outlive the service.
  CatalogueService(const rpc::Endpoint& endpoint, CatalogueStore& catalogue)
      : endpoint_(endpoint), catalogue_(catalogue) {}

  grpc::Status ListOffers(grpc::ServerContext* context, const v1::ListOffersRequest* request,
                          v1::ListOffersResponse* reply) override {
    return endpoint_.Read(Method("ListOffers"), context, *request, reply, ParseListOffers,
                          std::bind_front(&CatalogueService::List, this));
  }
  grpc::Status GetOffer(grpc::ServerContext* context, const v1::GetOfferRequest* request, v1::Offer* reply) override {
    return endpoint_.Read(Method("GetOffer"), context, *request, reply, ParseGetOffer,
                          std::bind_front(&CatalogueService::Get, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::CatalogueService::service_full_name(), name}; }

  absl::StatusOr<v1::ListOffersResponse> List(const rpc::Call& call, const ListOffersCommand& command) const;
  absl::StatusOr<v1::Offer> Get(const rpc::Call& call, const GetOfferCommand& command) const;

  const rpc::Endpoint& endpoint_;
  CatalogueStore& catalogue_;
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_CATALOGUE_SERVICE_H_
