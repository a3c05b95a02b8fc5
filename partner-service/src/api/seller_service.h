// countersign.partner.v1.SellerService: the question that order-service asks before an order is written or goes out.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_API_SELLER_SERVICE_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_API_SELLER_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/rpc/endpoint.h"
#include "countersign/partner/v1/seller_service.grpc.pb.h"
#include "partner-service/src/api/seller_requests.h"
#include "partner-service/src/store/seller_store.h"

namespace countersign::partner {

// Thread-safe. Errors are those of seller_service.proto.
class SellerService final : public v1::SellerService::Service {
 public:
  // Both must outlive the service.
  SellerService(const rpc::Endpoint& endpoint, const SellerStore& sellers) : endpoint_(endpoint), sellers_(sellers) {}

  grpc::Status CheckSeller(grpc::ServerContext* context, const v1::CheckSellerRequest* request,
                           v1::CheckSellerResponse* reply) override {
    return endpoint_.Read(Method("CheckSeller"), context, *request, reply, ParseCheckSeller,
                          std::bind_front(&SellerService::Check, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::SellerService::service_full_name(), name}; }

  absl::StatusOr<v1::CheckSellerResponse> Check(const rpc::Call& call, const CheckSellerCommand& command) const;

  const rpc::Endpoint& endpoint_;
  const SellerStore& sellers_;
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_API_SELLER_SERVICE_H_
