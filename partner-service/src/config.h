// The configuration of partner-service.
#ifndef COUNTERSIGN_PARTNER_SERVICE_SRC_CONFIG_H_
#define COUNTERSIGN_PARTNER_SERVICE_SRC_CONFIG_H_

#include <string>

#include "common/service/service_flags.h"

namespace countersign::partner {

struct Config {
  service::ServiceOptions service;
  std::string order_service;    // --order_service, "host:port".
  std::string billing_service;  // --billing_service, "host:port".
  std::string data_key_file;    // --data_key_file: keys that encrypt the payees' bank references.
};

// Parses the flags, the flag file and the environment; ends the program when they make no sense.
Config ParseConfig(int argc, char** argv);

}  // namespace countersign::partner

#endif  // COUNTERSIGN_PARTNER_SERVICE_SRC_CONFIG_H_
