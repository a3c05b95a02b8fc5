// billing-service, built: its stores, gRPC services and workers, made once for main.cc and for the API tests.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_BILLING_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_BILLING_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/clients/order_client.h"
#include "billing-service/src/clients/payee_client.h"
#include "billing-service/src/clients/processor_client.h"
#include "common/base/clock.h"
#include "common/base/metrics.h"
#include "common/events/committer.h"
#include "common/events/relay.h"
#include "common/mail/mailer.h"
#include "common/mysql/database.h"
#include "common/rpc/endpoint.h"
#include "grpcpp/impl/service_type.h"

namespace countersign::billing {

class BillingParts {
 public:
  // Must outlive the parts.
  struct Needs {
    mysql::Database& database;
    events::Committer& committer;
    const Clock& clock;
    OrderClient& orders;
    PayeeClient& payees;
    mail::Mailer* mailer;                  // Null: nothing is mailed, and no account climbs the dunning ladder.
    ProcessorClient* processor = nullptr;  // Null: every account pays by bank transfer.
    std::string find_url = {};             // Where customers find a lost receipt; empty: notices do not say.
  };
  BillingParts(rpc::EndpointOptions options, const Needs& needs);
  ~BillingParts();

  const rpc::Endpoint& endpoint() const;
  std::vector<grpc::Service*> services();

  // Ends every stream and refuses new ones; for a server, which waits for them when it shuts down.
  void StopStreams();

  std::vector<events::Consumer> consumers() const;
  std::vector<events::BucketTask> tasks() const;
  // For service::Companions.
  absl::StatusOr<std::vector<metrics::Figure>> ReadFigures(absl::Time deadline) const;

 private:
  struct Built;

  const std::unique_ptr<Built> built_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_BILLING_H_
