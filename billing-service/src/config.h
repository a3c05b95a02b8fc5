// The configuration of billing-service.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_CONFIG_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_CONFIG_H_

#include <string>

#include "absl/time/time.h"
#include "common/service/service_flags.h"

namespace countersign::billing {

struct Config {
  service::ServiceOptions service;
  std::string partner_service;       // --partner_service, "host:port".
  std::string order_service;         // --order_service, the same.
  std::string processor;             // --payment_processor, the same; empty: there is none.
  absl::Duration processor_timeout;  // --payment_processor_timeout.
  std::string find_url;              // --find_url.
};

// Parses the flags, the flag file and the environment; ends the program when they make no sense.
Config ParseConfig(int argc, char** argv);

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_CONFIG_H_
