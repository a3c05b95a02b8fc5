// countersign.event.v1.DeliveryService over this service's own relay. Callers: operators.
#ifndef COUNTERSIGN_COMMON_RPC_DELIVERY_HANDLERS_H_
#define COUNTERSIGN_COMMON_RPC_DELIVERY_HANDLERS_H_

#include "common/mysql/relay.h"
#include "common/rpc/endpoint.h"
#include "countersign/event/v1/delivery_service.grpc.pb.h"

namespace countersign::rpc {

class DeliveryHandlers final : public event::v1::DeliveryService::Service {
 public:
  // Both must outlive the handlers.
  DeliveryHandlers(const Endpoint& endpoint, mysql::Relay& relay) : endpoint_(endpoint), relay_(relay) {}

  grpc::Status ListHeldDeliveries(grpc::ServerContext* context, const event::v1::ListHeldDeliveriesRequest* request,
                                  event::v1::ListHeldDeliveriesResponse* reply) override;
  grpc::Status RetryDelivery(grpc::ServerContext* context, const event::v1::RetryDeliveryRequest* request,
                             event::v1::RetryDeliveryResponse* reply) override;
  grpc::Status RedeliverEvents(grpc::ServerContext* context, const event::v1::RedeliverEventsRequest* request,
                               event::v1::RedeliverEventsResponse* reply) override;

 private:
  const Endpoint& endpoint_;
  mysql::Relay& relay_;
};

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_DELIVERY_HANDLERS_H_
