#include "link-service/src/link.h"

#include <utility>

#include "absl/time/time.h"
#include "common/base/status_macros.h"
#include "link-service/src/web/http_message.h"
#include "link-service/src/web/site.h"

namespace countersign::link {

LinkParts::LinkParts(rpc::EndpointOptions options, const Needs& needs) : needs_(needs), endpoint_(std::move(options)) {}

absl::Status LinkParts::StartPage(const web::HttpServerOptions& options) {
  const auto pages = [this](const web::HttpRequest& request) { return page_.Handle(request); };
  ASSIGN_OR_RETURN(http_, web::HttpServer::Start(options, web::Site(needs_.vendor, pages)));
  return absl::OkStatus();
}

service::Companions LinkParts::companions() {
  return {.stop_serving = [this](absl::Time deadline) { http_->Stop(deadline); },
          .stop_working = [this] { views_.Stop(); }};
}

}  // namespace countersign::link
