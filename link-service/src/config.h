// The configuration of link-service.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_CONFIG_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_CONFIG_H_

#include <string>

#include "common/service/service_flags.h"
#include "link-service/src/web/http_server.h"
#include "link-service/src/web/vendor.h"

namespace countersign::link {

struct Config {
  service::ServiceOptions service;
  web::HttpServerOptions http;  // --http_listen, --trusted_proxies
  Vendor vendor;                // --vendor_… and --public_url.
  std::string link_key_file;    // --link_key_file
  std::string partner_service;  // --partner_service, "host:port".
  std::string order_service;    // --order_service, "host:port".
  std::string billing_service;  // --billing_service, "host:port".
};

// Parses the flags, the flag file and the environment; ends the program with exit code 2 when they are invalid.
Config ParseConfig(int argc, char** argv);

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_CONFIG_H_
