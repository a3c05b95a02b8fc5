// countersign.event.v1.DeliveryService over this service's own log and relay. Callers: operators; of
// ListHeldDeliveries viewers, too.
#ifndef COUNTERSIGN_COMMON_EVENT_API_DELIVERY_SERVICE_H_
#define COUNTERSIGN_COMMON_EVENT_API_DELIVERY_SERVICE_H_

#include "absl/strings/string_view.h"
#include "common/base/uuid.h"
#include "common/events/committer.h"
#include "common/events/relay.h"
#include "common/mysql/database.h"
#include "common/rpc/endpoint.h"
#include "countersign/event/v1/delivery_service.grpc.pb.h"

namespace countersign::event_api {

// The tenant of what is done to a service's log as a whole (REDELIVERY_REQUESTED, EVENTS_REDELIVERED): the same
// constant in every service.
Uuid LogTenant();

// The aggregate of what is done to a waiting delivery (DELIVERY_RETRIED, DELIVERY_ABANDONED), under its own tenant.
Uuid DeliveryId(absl::string_view consumer, const Uuid& aggregate);

class DeliveryService final : public event::v1::DeliveryService::Service {
 public:
  // All must outlive the handlers.
  DeliveryService(const rpc::Endpoint& endpoint, mysql::Database& database, events::Committer& committer,
                  events::Relay& relay)
      : endpoint_(endpoint), database_(database), committer_(committer), relay_(relay) {}

  grpc::Status ListHeldDeliveries(grpc::ServerContext* context, const event::v1::ListHeldDeliveriesRequest* request,
                                  event::v1::ListHeldDeliveriesResponse* reply) override;
  grpc::Status RetryDelivery(grpc::ServerContext* context, const event::v1::RetryDeliveryRequest* request,
                             event::v1::RetryDeliveryResponse* reply) override;
  grpc::Status AbandonDelivery(grpc::ServerContext* context, const event::v1::AbandonDeliveryRequest* request,
                               event::v1::AbandonDeliveryResponse* reply) override;
  grpc::Status RedeliverEvents(grpc::ServerContext* context, const event::v1::RedeliverEventsRequest* request,
                               event::v1::RedeliverEventsResponse* reply) override;

 private:
  const rpc::Endpoint& endpoint_;
  mysql::Database& database_;
  events::Committer& committer_;
  events::Relay& relay_;
};

}  // namespace countersign::event_api

#endif  // COUNTERSIGN_COMMON_EVENT_API_DELIVERY_SERVICE_H_
