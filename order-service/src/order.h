// order-service, built: its stores, gRPC services and workers, made once for main.cc and for the tests.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_ORDER_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_ORDER_H_

#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/base/metrics.h"
#include "common/events/committer.h"
#include "common/events/relay.h"
#include "common/mysql/database.h"
#include "common/rpc/endpoint.h"
#include "grpcpp/impl/service_type.h"
#include "order-service/src/api/activation_outcome_service.h"
#include "order-service/src/api/catalogue_service.h"
#include "order-service/src/api/erasure_service.h"
#include "order-service/src/api/order_service.h"
#include "order-service/src/api/partner_state_service.h"
#include "order-service/src/clients/billing_client.h"
#include "order-service/src/clients/link_client.h"
#include "order-service/src/clients/partner_client.h"
#include "order-service/src/store/catalogue_store.h"
#include "order-service/src/store/order_figures.h"
#include "order-service/src/store/order_store.h"
#include "order-service/src/store/partner_state_store.h"
#include "order-service/src/store/withdrawal_store.h"

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

  const rpc::Endpoint& endpoint() const { return endpoint_; }
  std::vector<grpc::Service*> services();
  std::vector<events::Consumer> consumers() const;
  std::vector<events::BucketTask> tasks() const;
  // For service::Companions.
  absl::StatusOr<std::vector<metrics::Figure>> ReadFigures(absl::Time deadline) const {
    return ReadOrderFigures(needs_.database, deadline, needs_.clock.Now());
  }

 private:
  void Withdraw(const Uuid& partner) const;

  const Needs needs_;
  CatalogueStore catalogue_{needs_.database};
  const OrderStore orders_{needs_.database};
  const PartnerStateStore partner_states_{needs_.database};
  const WithdrawalStore withdrawals_{needs_.database};
  const rpc::Endpoint endpoint_;
  CatalogueService catalogue_service_{endpoint_, needs_.committer, catalogue_};
  OrderService order_service_{endpoint_,       needs_.committer, catalogue_,  orders_,
                              needs_.partners, needs_.billing,   needs_.links};
  ActivationOutcomeService activation_outcome_service_{endpoint_, needs_.committer, orders_};
  ErasureService erasure_service_{endpoint_, {needs_.committer, orders_, needs_.links, needs_.billing}};
  PartnerStateService partner_state_service_{endpoint_, needs_.committer, partner_states_,
                                             std::bind_front(&OrderParts::Withdraw, this)};
};

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_ORDER_H_
