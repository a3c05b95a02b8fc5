// order-service, built: its stores, gRPC services and workers, made once for main.cc and for the tests.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_ORDER_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_ORDER_H_

#include <functional>
#include <memory>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/clock.h"
#include "common/events/committer.h"
#include "common/events/relay.h"
#include "common/mysql/database.h"
#include "common/rpc/endpoint.h"
#include "grpcpp/impl/service_type.h"
#include "order-service/src/clients/billing_client.h"
#include "order-service/src/clients/link_client.h"
#include "order-service/src/clients/partner_client.h"

namespace countersign::order {

class OrderParts {
 public:
  // Must outlive the parts.
  struct Needs {
    mysql::Database& database;
    events::Committer& committer;
    const Clock& clock;
    PartnerClient& partners;
    LinkClient& links;
    BillingClient& billing;
    // Has the task take its next turn on the bucket at once (Relay::WakeTask). Called only while a request is served.
    // May be empty.
    std::function<void(absl::string_view task, int bucket)> wake_task = nullptr;
  };
  OrderParts(rpc::EndpointOptions options, const Needs& needs);
  ~OrderParts();

  const rpc::Endpoint& endpoint() const;
  std::vector<grpc::Service*> services();
  std::vector<events::Consumer> consumers() const;
  std::vector<events::BucketTask> tasks() const;

 private:
  struct Built;

  const std::unique_ptr<Built> built_;
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_ORDER_H_
