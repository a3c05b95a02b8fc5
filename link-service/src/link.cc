#include "link-service/src/link.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/time/time.h"
#include "common/base/crypto.h"
#include "common/base/status_macros.h"
#include "common/events/retention.h"
#include "link-service/src/api/link_service.h"
#include "link-service/src/api/new_link_request_service.h"
#include "link-service/src/page/access_link_mail.h"
#include "link-service/src/page/contact_proof.h"
#include "link-service/src/page/new_links.h"
#include "link-service/src/page/page_controller.h"
#include "link-service/src/page/press.h"
#include "link-service/src/page/receipt_act_pages.h"
#include "link-service/src/page/receipt_acts.h"
#include "link-service/src/page/receipt_finder.h"
#include "link-service/src/page/receipt_mail.h"
#include "link-service/src/page/receipts.h"
#include "link-service/src/store/access_link_store.h"
#include "link-service/src/store/code_store.h"
#include "link-service/src/store/link_record_store.h"
#include "link-service/src/store/link_retention.h"
#include "link-service/src/store/link_store.h"
#include "link-service/src/store/new_link_request_store.h"
#include "link-service/src/store/press_store.h"
#include "link-service/src/store/receipt_act_store.h"
#include "link-service/src/web/http_message.h"
#include "link-service/src/web/site.h"
#include "link-service/src/workers/late_link_task.h"

namespace countersign::link {
namespace {

LinkParts::Needs WithFinding(LinkParts::Needs needs) {
  needs.vendor.finds_receipts = needs.mailer != nullptr;
  return needs;
}

}  // namespace

// The order is the order of need.
struct LinkParts::Built {
  Built(rpc::EndpointOptions options, const Needs& needed) : needs(WithFinding(needed)), endpoint(std::move(options)) {}

  const Needs needs;
  const rpc::Endpoint endpoint;
  const LinkStore links{needs.database};
  const PressStore press_store{needs.database};
  const CodeStore code_store{needs.database};
  const LinkRecordStore records{needs.database};
  const NewLinkRequestStore new_link_requests{needs.database};
  const AccessLinkStore access_links{needs.database};
  LinkService link_service{endpoint,
                           needs.committer,
                           links,
                           records,
                           press_store,
                           access_links,
                           needs.orders,
                           needs.link_keys,
                           needs.vendor.public_url,
                           needs.vendor.agreements.current()};
  NewLinkRequestService new_link_request_service{endpoint, new_link_requests};
  Presses presses{needs.committer, links, press_store, needs.orders, needs.clock};
  const ReceiptActStore receipt_act_store{needs.database};
  ReceiptActs receipt_acts{{needs.committer, receipt_act_store, press_store, needs.orders, needs.billing, needs.clock}};
  const Receipts receipts{receipt_acts, needs.orders, needs.billing};
  Codes codes{{needs.committer, code_store, receipts, needs.link_keys, needs.vendor, needs.clock, needs.mailer}};
  ReceiptActPages receipt_act_pages{receipt_acts, codes, needs.vendor};
  NewLinks new_links{needs.committer, new_link_requests, needs.clock};
  ReceiptFinder finder{{needs.committer, links, access_links, needs.orders, needs.billing, needs.clock}};
  ViewCounter views{links, needs.committer};
  PageController page{{links, press_store, presses, codes, new_links, receipt_act_pages, receipts, finder, views,
                       needs.orders, needs.billing, needs.link_keys, needs.clock, needs.mailer != nullptr},
                      needs.vendor};
  std::unique_ptr<web::HttpServer> http;  // Last: stops before what it uses.
};

LinkParts::LinkParts(rpc::EndpointOptions options, const Needs& needs)
    : built_(std::make_unique<Built>(std::move(options), needs)) {}

LinkParts::~LinkParts() = default;

const rpc::Endpoint& LinkParts::endpoint() const { return built_->endpoint; }

std::vector<grpc::Service*> LinkParts::services() { return {&built_->link_service, &built_->new_link_request_service}; }

std::vector<events::Consumer> LinkParts::consumers() {
  return {ReceiptMailConsumer({built_->links, built_->press_store, built_->receipts, built_->needs.link_keys,
                               built_->needs.vendor, built_->needs.mailer}),
          ReceiptActConsumer(built_->receipt_acts),
          AccessLinkMailConsumer({built_->links, built_->press_store, built_->receipts, built_->needs.link_keys,
                                  built_->needs.vendor, built_->needs.clock, built_->needs.mailer}),
          ContactProofConsumer({built_->links, built_->press_store, built_->receipts, built_->needs.billing})};
}

std::vector<events::BucketTask> LinkParts::tasks() {
  return {LateLinkTask(built_->links, built_->needs.orders, built_->needs.committer, built_->needs.clock),
          events::RetentionTask("retention", built_->needs.database, built_->needs.clock, LinkRetentions())};
}

ViewCounter& LinkParts::views() { return built_->views; }

ReceiptFinder& LinkParts::finder() { return built_->finder; }

void LinkParts::StartBackground() {
  built_->views.Start();
  built_->finder.Start();
}

uint16_t LinkParts::page_port() const { return built_->http->port(); }

absl::Status LinkParts::StartPage(const web::HttpServerOptions& options) {
  const auto pages = [this](const web::HttpRequest& request) { return built_->page.Handle(request); };
  ASSIGN_OR_RETURN(built_->http, web::HttpServer::Start(options, web::Site(built_->needs.vendor, pages)));
  return absl::OkStatus();
}

service::Companions LinkParts::companions() {
  return {.stop_serving = [this](absl::Time deadline) { built_->http->Stop(deadline); },
          .stop_working =
              [this] {
                built_->finder.Stop();
                built_->views.Stop();
              }};
}

}  // namespace countersign::link
