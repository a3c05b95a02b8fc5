#include "common/service/run.h"

#include <signal.h>
#include <time.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/metrics.h"
#include "common/base/status_macros.h"
#include "common/mysql/errors.h"
#include "common/service/readiness.h"
#include "common/service/service.h"
#include "common/service/status_port.h"

namespace countersign::service {
namespace {

StatusReply ReadyPage() {
  const absl::Status status = Readiness::OfProcess().Get();
  if (status.ok()) return {200, "ready\n"};
  std::string text = absl::StrCat(DetailsOf(status).reason, " ", std::string(status.message()));
  const std::string server_message = mysql::ServerMessageOf(status);
  if (!server_message.empty()) absl::StrAppend(&text, " ", server_message);
  return {503, absl::StrCat(text, "\n")};
}

absl::Status OpenPorts(const ServiceOptions& options, std::unique_ptr<StatusPort>& health,
                       std::unique_ptr<StatusPort>& metrics) {
  if (!options.health_listen.empty()) {
    StatusPages pages = {{"/live", [] { return StatusReply{200, "alive\n"}; }}, {"/ready", ReadyPage}};
    ASSIGN_OR_RETURN(health, StatusPort::Start(options.health_listen, std::move(pages)));
  }
  if (!options.metrics_listen.empty()) {
    StatusPages pages = {{"/metrics", [] { return StatusReply{200, metrics::Text()}; }}};
    ASSIGN_OR_RETURN(metrics, StatusPort::Start(options.metrics_listen, std::move(pages)));
  }
  return absl::OkStatus();
}

bool MayComeRight(const absl::Status& status) {
  const std::string& reason = DetailsOf(status).reason;
  return reason != "PORT_DEAD" && reason != "LISTEN_ADDRESS" && reason != "DESCRIPTOR_LIMIT" &&
         reason != "INVALID_DATABASE_URL" && reason != "OPENTELEMETRY_MISSING";
}

bool SignalledWithin(absl::Duration pause) {
  const sigset_t signals = StopSignals();
  const timespec timeout = absl::ToTimespec(pause);
  return sigtimedwait(&signals, nullptr, &timeout) > 0;
}

void SayWhy(const ServiceOptions& options, const absl::Status& status) {
  LogFields fields = {{"reason", DetailsOf(status).reason}, {"error", std::string(status.message())}};
  const std::string server_message = mysql::ServerMessageOf(status);
  if (!server_message.empty()) fields.emplace_back("database_error", server_message);
  Log(Level::kError,
      options.migrate.empty() ? "cannot serve; trying again until it can" : "cannot migrate; trying again until it can",
      fields);
}

}  // namespace

absl::Status RunWatched(const ServiceOptions& options, absl::FunctionRef<absl::Status()> serve, absl::Duration pause) {
  std::unique_ptr<StatusPort> health;
  std::unique_ptr<StatusPort> metrics;
  RETURN_IF_ERROR(OpenPorts(options, health, metrics));
  std::string said;
  for (;;) {
    const absl::Status status = serve();
    if (status.ok() || health == nullptr || !MayComeRight(status)) return status;
    Readiness::OfProcess().Set(status);
    if (status.message() != said) SayWhy(options, status);
    said = std::string(status.message());
    if (SignalledWithin(pause)) return absl::OkStatus();
  }
}

}  // namespace countersign::service
