// countersign.order.v1.PriceService: the stories of the offers' prices.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_PRICE_SERVICE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_PRICE_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "countersign/order/v1/price_service.grpc.pb.h"
#include "order-service/src/api/price_requests.h"
#include "order-service/src/store/catalogue_store.h"

namespace countersign::order {

// Thread-safe. Errors are those of price_service.proto.
class PriceService final : public v1::PriceService::Service {
 public:
  // All must outlive the service.
  PriceService(const rpc::Endpoint& endpoint, events::Committer& committer, CatalogueStore& catalogue)
      : endpoint_(endpoint), committer_(committer), catalogue_(catalogue) {}

  grpc::Status CreatePrice(grpc::ServerContext* context, const v1::CreatePriceRequest* request,
                           v1::Price* reply) override {
    return endpoint_.Mutate(Method("CreatePrice"), context, *request, reply, ParseCreatePrice,
                            std::bind_front(&PriceService::Create, this));
  }
  grpc::Status GetPrice(grpc::ServerContext* context, const v1::GetPriceRequest* request, v1::Price* reply) override {
    return endpoint_.Read(Method("GetPrice"), context, *request, reply, ParseGetPrice,
                          std::bind_front(&PriceService::Get, this));
  }
  grpc::Status ListPrices(grpc::ServerContext* context, const v1::ListPricesRequest* request,
                          v1::ListPricesResponse* reply) override {
    return endpoint_.Read(Method("ListPrices"), context, *request, reply, ParseListPrices,
                          std::bind_front(&PriceService::List, this));
  }
  grpc::Status ResolvePrice(grpc::ServerContext* context, const v1::ResolvePriceRequest* request,
                            v1::ResolvePriceResponse* reply) override {
    return endpoint_.Read(Method("ResolvePrice"), context, *request, reply, ParseResolvePrice,
                          std::bind_front(&PriceService::Resolve, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::PriceService::service_full_name(), name}; }

  absl::StatusOr<v1::Price> Create(const rpc::Call& call, const CreatePriceCommand& command);
  absl::StatusOr<v1::Price> Get(const rpc::Call& call, const GetPriceCommand& command) const;
  absl::StatusOr<v1::ListPricesResponse> List(const rpc::Call& call, const ListPricesCommand& command) const;
  absl::StatusOr<v1::ResolvePriceResponse> Resolve(const rpc::Call& call, const ResolvePriceCommand& command) const;

  const rpc::Endpoint& endpoint_;
  events::Committer& committer_;
  CatalogueStore& catalogue_;
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_PRICE_SERVICE_H_
