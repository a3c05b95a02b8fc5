// link-service, built: its stores, gRPC service, the customer's page and what runs beside them, made once for main.cc
// and for the API tests.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_LINK_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_LINK_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/base/clock.h"
#include "common/base/crypto.h"
#include "common/events/committer.h"
#include "common/events/relay.h"
#include "common/events/retention.h"
#include "common/mail/mailer.h"
#include "common/mysql/database.h"
#include "common/rpc/endpoint.h"
#include "common/service/service.h"
#include "grpcpp/impl/service_type.h"
#include "link-service/src/api/link_service.h"
#include "link-service/src/api/new_link_request_service.h"
#include "link-service/src/clients/billing_client.h"
#include "link-service/src/clients/order_client.h"
#include "link-service/src/page/new_links.h"
#include "link-service/src/page/page_controller.h"
#include "link-service/src/page/press.h"
#include "link-service/src/page/receipt_act_pages.h"
#include "link-service/src/page/receipt_acts.h"
#include "link-service/src/page/receipt_mail.h"
#include "link-service/src/page/view_counter.h"
#include "link-service/src/store/code_store.h"
#include "link-service/src/store/link_record_store.h"
#include "link-service/src/store/link_retention.h"
#include "link-service/src/store/link_store.h"
#include "link-service/src/store/new_link_request_store.h"
#include "link-service/src/store/press_store.h"
#include "link-service/src/store/receipt_act_store.h"
#include "link-service/src/web/http_server.h"
#include "link-service/src/workers/late_link_task.h"

namespace countersign::link {

// Its log has two consumers: one writes to customers, one carries out what they did on their receipts.
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

  const rpc::Endpoint& endpoint() const { return endpoint_; }
  std::vector<grpc::Service*> services() { return {&link_service_, &new_link_request_service_}; }
  std::vector<events::Consumer> consumers() {
    return {ReceiptMailConsumer({links_, press_store_, needs_.link_keys, needs_.vendor, needs_.mailer}),
            ReceiptActConsumer(receipt_acts_)};
  }
  std::vector<events::BucketTask> tasks() {
    return {LateLinkTask(links_, needs_.orders, needs_.committer, needs_.clock),
            events::RetentionTask("retention", needs_.database, needs_.clock, LinkRetentions())};
  }
  ViewCounter& views() { return views_; }

  // Serves the customer's page until the companions stop. Once. Errors: those of web::HttpServer::Start.
  absl::Status StartPage(const web::HttpServerOptions& options);
  uint16_t page_port() const { return http_->port(); }

  // Ends the page and the view counter. After StartPage.
  service::Companions companions();

 private:
  const Needs needs_;
  const rpc::Endpoint endpoint_;
  const LinkStore links_{needs_.database};
  const PressStore press_store_{needs_.database};
  const CodeStore code_store_{needs_.database};
  const LinkRecordStore records_{needs_.database};
  const NewLinkRequestStore new_link_requests_{needs_.database};
  LinkService link_service_{endpoint_,
                            needs_.committer,
                            links_,
                            records_,
                            press_store_,
                            needs_.orders,
                            needs_.link_keys,
                            needs_.vendor.public_url,
                            needs_.vendor.agreements.current()};
  NewLinkRequestService new_link_request_service_{endpoint_, new_link_requests_};
  Presses presses_{needs_.committer, links_, press_store_, needs_.orders, needs_.clock};
  Codes codes_{{needs_.committer, code_store_, needs_.orders, needs_.billing, needs_.link_keys, needs_.vendor,
                needs_.clock, needs_.mailer}};
  const ReceiptActStore receipt_act_store_{needs_.database};
  ReceiptActs receipt_acts_{{needs_.committer, receipt_act_store_, needs_.orders, needs_.billing, needs_.clock}};
  ReceiptActPages receipt_act_pages_{receipt_acts_, codes_, needs_.vendor};
  NewLinks new_links_{needs_.committer, new_link_requests_, needs_.clock};
  ViewCounter views_{links_};
  PageController page_{{links_, press_store_, presses_, codes_, new_links_, receipt_act_pages_, views_, needs_.orders,
                        needs_.billing, needs_.link_keys, needs_.clock, needs_.mailer != nullptr},
                       needs_.vendor};
  std::unique_ptr<web::HttpServer> http_;  // Last: stops before what it uses.
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_LINK_H_
