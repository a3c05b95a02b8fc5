// Real gRPC servers on loopback, inside the test's process.
#ifndef COUNTERSIGN_COMMON_TESTING_IN_PROCESS_SERVER_H_
#define COUNTERSIGN_COMMON_TESTING_IN_PROCESS_SERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/rpc/server.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"

namespace countersign::testing {

// Serves `services` on a free port of 127.0.0.1 through rpc::Server, from construction to destruction. Healthy at once
// unless `probe` says otherwise. Ends without a wait: a test of how servers end under calls starts an rpc::Server.
class InProcessServer {
 public:
  explicit InProcessServer(const std::vector<grpc::Service*>& services, rpc::Probe probe = nullptr);

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  std::string address() const { return server_->address(); }
  rpc::Server& server() { return *server_; }

 private:
  std::unique_ptr<rpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

// Says who calls ("partners/…", "operators/…", "services/…") and gives the call or stream two minutes, which no slow
// machine needs.
void SetCaller(grpc::ClientContext& context, absl::string_view caller);

}  // namespace countersign::testing

#endif  // COUNTERSIGN_COMMON_TESTING_IN_PROCESS_SERVER_H_
