#include "order-service/src/config.h"

#include "absl/flags/flag.h"

ABSL_FLAG(std::string, partner_service, "127.0.0.1:7101",
          "partner-service, which knows who sells, to whom, and whose an API key is.");
ABSL_FLAG(std::string, link_service, "127.0.0.1:7103",
          "link-service, which makes links and shows the customer's page.");
ABSL_FLAG(std::string, billing_service, "127.0.0.1:7104", "billing-service, which activates confirmed orders.");

namespace countersign::order {

Config ParseConfig(int argc, char** argv) {
  Config config;
  config.service =
      service::ParseServiceFlags(argc, argv, "Order tailoring; it alone decides what becomes of an order.",
                                 {.name = "order-service",
                                  .listen = "127.0.0.1:7102",
                                  .database = "mysql://countersign_order@127.0.0.1:3306/countersign_order"});
  config.partner_service = absl::GetFlag(FLAGS_partner_service);
  config.link_service = absl::GetFlag(FLAGS_link_service);
  config.billing_service = absl::GetFlag(FLAGS_billing_service);
  return config;
}

}  // namespace countersign::order
