// The configuration of order-service.
#ifndef COUNTERSIGN_ORDER_SERVICE_SRC_CONFIG_H_
#define COUNTERSIGN_ORDER_SERVICE_SRC_CONFIG_H_

#include <string>

#include "common/service/service_flags.h"

namespace countersign::order {

struct Config {
  service::ServiceOptions service;
  std::string partner_service;  // --partner_service, "host:port", as the two below.
  std::string link_service;
  std::string billing_service;
};

// Parses the flags, the flag file and the environment; ends the program when they make no sense.
Config ParseConfig(int argc, char** argv);

}  // namespace countersign::order

#endif  // COUNTERSIGN_ORDER_SERVICE_SRC_CONFIG_H_
