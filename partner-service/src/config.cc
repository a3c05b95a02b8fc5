#include "partner-service/src/config.h"

#include <string>

#include "absl/flags/flag.h"

ABSL_FLAG(std::string, order_service, "127.0.0.1:7102", "order-service, which is told of every partner's state.");

ABSL_FLAG(std::string, billing_service, "127.0.0.1:7104",
          "billing-service, which is told of every partner's state: it holds the fees of suspended partners.");

ABSL_FLAG(std::string, data_key_file, "",
          "Required: keys that encrypt the payees' bank references: lines of key_id:64 hexadecimal digits, the current "
          "one first.");

namespace countersign::partner {
Config ParseConfig(int argc, char** argv) {
  Config config;
  config.service = service::ParseServiceFlags(
      argc, argv, "The partner registry: who may sell, under which agreement, to which customers.",
      {.name = "partner-service",
       .listen = "127.0.0.1:7101",
       .database = "mysql://countersign_partner@127.0.0.1:3306/countersign_partner"});
  config.order_service = absl::GetFlag(FLAGS_order_service);
  config.billing_service = absl::GetFlag(FLAGS_billing_service);
  config.data_key_file = absl::GetFlag(FLAGS_data_key_file);
  const bool serves = config.service.migrate.empty();
  if (serves && config.data_key_file.empty()) {
    service::RefuseFlag("--data_key_file is required: bank references are secrets.");
  }
  return config;
}

}  // namespace countersign::partner
