// link-service, built: its stores, gRPC service, the customer's page and what runs beside them, made once for main.cc
// and for the API tests.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_LINK_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_LINK_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "common/base/clock.h"
#include "common/base/crypto.h"
#include "common/events/committer.h"
#include "common/events/relay.h"
#include "common/mail/mailer.h"
#include "common/mysql/database.h"
#include "common/rpc/endpoint.h"
#include "common/service/service.h"
#include "grpcpp/impl/service_type.h"
#include "link-service/src/clients/billing_client.h"
#include "link-service/src/clients/order_client.h"
#include "link-service/src/page/receipt_finder.h"
#include "link-service/src/page/view_counter.h"
#include "link-service/src/web/http_server.h"
#include "link-service/src/web/vendor.h"

namespace countersign::link {

// Its log has three consumers: one writes to customers, one carries out what they did on their receipts, and one mails
// the address of a receipt again.
class LinkParts {
 public:
  // The references must outlive the parts.
  struct Needs {
    mysql::Database& database;
    events::Committer& committer;
    const Clock& clock;
    const KeyRing& link_keys;  // Of the links' secrets.
    OrderClient& orders;
    BillingClient& billing;
    mail::Mailer* mailer = nullptr;  // Null: nothing is mailed.
    Vendor vendor;                   // With the public URL of the page.
  };
  LinkParts(rpc::EndpointOptions options, const Needs& needs);
  ~LinkParts();

  const rpc::Endpoint& endpoint() const;
  std::vector<grpc::Service*> services();
  std::vector<events::Consumer> consumers();
  std::vector<events::BucketTask> tasks();
  ViewCounter& views();
  ReceiptFinder& finder();

  // Serves the customer's page until the companions stop. Once. Errors: those of web::HttpServer::Start.
  absl::Status StartPage(const web::HttpServerOptions& options);
  uint16_t page_port() const;

  // Begins what the page does in the background.
  void StartBackground();
  // Ends the page and the background. After StartPage.
  service::Companions companions();

 private:
  struct Built;

  const std::unique_ptr<Built> built_;
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_LINK_H_
