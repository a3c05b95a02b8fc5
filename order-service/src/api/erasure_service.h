// countersign.order.v1.ErasureService: the erasure of a customer, order by order.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_API_ERASURE_SERVICE_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_API_ERASURE_SERVICE_H_

#include <functional>
#include <set>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/uuid.h"
#include "common/events/committer.h"
#include "common/rpc/endpoint.h"
#include "common/rpc/requests.h"
#include "countersign/order/v1/erasure_service.grpc.pb.h"
#include "order-service/src/api/names.h"
#include "order-service/src/clients/billing_client.h"
#include "order-service/src/clients/link_client.h"
#include "order-service/src/domain/order.h"
#include "order-service/src/store/order_store.h"

namespace countersign::order {

// Thread-safe. Errors are those of erasure_service.proto.
class ErasureService final : public v1::ErasureService::Service {
 public:
  // Must outlive the service.
  struct Needs {
    events::Committer& committer;
    const OrderStore& orders;
    LinkClient& links;
    BillingClient& billing;
  };
  ErasureService(const rpc::Endpoint& endpoint, const Needs& needs) : endpoint_(endpoint), needs_(needs) {}

  grpc::Status EraseCustomer(grpc::ServerContext* context, const v1::EraseCustomerRequest* request,
                             v1::EraseCustomerResponse* reply) override {
    return endpoint_.Mutate(Method("EraseCustomer"), context, *request, reply, rpc::ParseNamed{kCustomerName},
                            std::bind_front(&ErasureService::Erase, this));
  }

 private:
  static rpc::MethodSpec Method(absl::string_view name) { return {v1::ErasureService::service_full_name(), name}; }

  absl::StatusOr<v1::EraseCustomerResponse> Erase(const rpc::Call& call, const rpc::NamedResource& named);
  // Asks billing-service about the accounts, before anything is written.
  absl::Status AskBilling(const rpc::Call& call, const std::set<Uuid>& accounts, v1::EraseCustomerResponse& reply);
  absl::StatusOr<billing::v1::EraseBillingAccountResponse> EraseAccount(const rpc::Call& call, const Uuid& account,
                                                                        bool validate_only);
  // The links first: an order that is erased has no link that is not.
  absl::Status EraseOrder(const rpc::Call& call, const Order& order);
  absl::Status EraseLinks(const rpc::Call& call, const Order& order);
  // Commits the record that it was done, with the reply.
  absl::Status Record(const rpc::Call& call, const rpc::NamedResource& named, const v1::EraseCustomerResponse& reply);

  const rpc::Endpoint& endpoint_;
  const Needs needs_;
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_API_ERASURE_SERVICE_H_
