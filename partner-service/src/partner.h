// partner-service, built: its stores, gRPC services and workers, made once for main.cc and for the API tests.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_PARTNER_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_PARTNER_H_

#include <memory>
#include <vector>

#include "common/base/clock.h"
#include "common/base/crypto.h"
#include "common/events/committer.h"
#include "common/events/relay.h"
#include "common/mysql/database.h"
#include "common/rpc/endpoint.h"
#include "grpcpp/impl/service_type.h"
#include "partner-service/src/clients/billing_client.h"
#include "partner-service/src/clients/order_client.h"

namespace countersign::partner {

class PartnerParts {
 public:
  // Must outlive the parts.
  struct Needs {
    mysql::Database& database;
    events::Committer& committer;
    const Clock& clock;
    const KeyRing& data_keys;  // Encrypt bank references.
    OrderClient& orders;
    BillingClient& billing;
  };
  // `options` without a key verifier: callers' API keys are verified here.
  PartnerParts(rpc::EndpointOptions options, const Needs& needs);
  ~PartnerParts();

  const rpc::Endpoint& endpoint() const;
  std::vector<grpc::Service*> services();
  std::vector<events::Consumer> consumers() const;

 private:
  struct Built;

  const std::unique_ptr<Built> built_;
};

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_PARTNER_H_
