#include "partner-service/src/config.h"

#include "absl/flags/flag.h"

ABSL_FLAG(std::string, order_service, "127.0.0.1:7102", "order-service, which is told of every partner's state.");

namespace countersign::partner {

Config ParseConfig(int argc, char** argv) {
  Config config;
  config.service = rpc::ParseServiceFlags(
      argc, argv, "The partner registry: who may sell, under which agreement, to which customers.",
      {.name = "partner-service",
       .listen = "127.0.0.1:7101",
       .database = "mysql://countersign_partner@127.0.0.1:3306/countersign_partner"});
  config.order_service = absl::GetFlag(FLAGS_order_service);
  return config;
}

}  // namespace countersign::partner
