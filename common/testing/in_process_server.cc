#include "common/testing/in_process_server.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/caller.h"
#include "common/rpc/channel.h"

namespace countersign::testing {

InProcessServer::InProcessServer(const std::vector<grpc::Service*>& services, rpc::Probe probe) {
  rpc::ServerOptions options;
  options.probe_interval = absl::Milliseconds(20);
  options.last_read = absl::ZeroDuration();
  if (probe == nullptr) probe = [] { return absl::OkStatus(); };
  absl::StatusOr<std::unique_ptr<rpc::Server>> server = rpc::Server::Start(options, services, std::move(probe));
  if (!server.ok()) {
    std::fprintf(stderr, "in-process server: %s\n", server.status().ToString().c_str());
    std::abort();
  }
  server_ = *std::move(server);
  channel_ = *rpc::MakeChannel(rpc::Credentials(), "", server_->address(), rpc::kServiceConfigWithoutRetries);
}

void SetCaller(grpc::ClientContext& context, absl::string_view caller) {
  context.AddMetadata(rpc::kCallerMetadata, std::string(caller));
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(2));
}

}  // namespace countersign::testing
