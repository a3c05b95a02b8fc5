#include "link-service/src/config.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/log.h"
#include "link-service/src/web/site.h"

ABSL_FLAG(std::string, http_listen, "127.0.0.1:7180", "IP address and port to serve the customer's page on.");
ABSL_FLAG(std::string, public_url, "http://127.0.0.1:7180",
          "The beginning of the URL at which customers reach the page.");
ABSL_FLAG(std::string, link_key_file, "",
          "Keys of the links' secrets: lines of key_id:64 hexadecimal digits, the current one first. A key may be "
          "retired when the last link made with it is no longer readable.");
ABSL_FLAG(std::string, partner_service, "127.0.0.1:7101", "partner-service, which verifies API keys.");
ABSL_FLAG(std::string, order_service, "127.0.0.1:7102", "order-service, which decides whether an order is confirmed.");
ABSL_FLAG(std::string, billing_service, "127.0.0.1:7104", "billing-service, whose invoices the page shows.");
ABSL_FLAG(std::string, vendor_name, "Business Productivity Online", "The vendor's name, as the page shows it.");
ABSL_FLAG(std::string, vendor_contact, "",
          "The vendor's e-mail address or telephone number for customers, as the page shows it.");
ABSL_FLAG(std::vector<std::string>, trusted_proxies, {},
          "Addresses or networks (10.0.0.0/8) whose X-Forwarded-For is believed, separated by commas.");

namespace countersign::link {
namespace {

[[noreturn]] void Refuse(const std::string& sentence) {
  std::fprintf(stderr, "%s\n", sentence.c_str());
  std::exit(2);
}

web::HttpServerOptions HttpOptions(const std::string& vendor_name) {
  web::HttpServerOptions options;
  const std::string listen = absl::GetFlag(FLAGS_http_listen);
  const size_t colon = listen.rfind(':');
  uint32_t port = 0;
  const bool fits = colon != std::string::npos && absl::SimpleAtoi(listen.substr(colon + 1), &port) && port <= 65535;
  if (!fits) Refuse("--http_listen must be address:port, such as 127.0.0.1:7180.");
  options.port = static_cast<uint16_t>(port);
  absl::string_view host = absl::string_view(listen).substr(0, colon);
  if (absl::ConsumePrefix(&host, "[")) absl::ConsumeSuffix(&host, "]");
  options.host = std::string(host);
  const absl::StatusOr<web::TrustedProxies> proxies = web::TrustedProxies::Parse(absl::GetFlag(FLAGS_trusted_proxies));
  if (!proxies.ok()) Refuse(absl::StrCat("--trusted_proxies: ", proxies.status().message()));
  options.trusted_proxies = *proxies;
  web::SetSiteErrorPages(vendor_name, &options);
  return options;
}

std::string PublicUrl() {
  const std::string flag = absl::GetFlag(FLAGS_public_url);
  const absl::string_view url = absl::StripSuffix(flag, "/");
  if (!absl::StartsWith(url, "http://") && !absl::StartsWith(url, "https://")) {
    Refuse("--public_url must begin with http:// or https://.");
  }
  return std::string(url);
}

}  // namespace

Config ParseConfig(int argc, char** argv) {
  Config config;
  config.service = service::ParseServiceFlags(
      argc, argv, "Confirmation links, and the page on which customers confirm their orders.",
      {.name = "link-service",
       .listen = "127.0.0.1:7103",
       .database = "mysql://countersign_link@127.0.0.1:3306/countersign_link"});
  config.vendor_name = absl::GetFlag(FLAGS_vendor_name);
  config.vendor_contact = absl::GetFlag(FLAGS_vendor_contact);
  config.http = HttpOptions(config.vendor_name);
  config.public_url = PublicUrl();
  config.link_key_file = absl::GetFlag(FLAGS_link_key_file);
  config.partner_service = absl::GetFlag(FLAGS_partner_service);
  config.order_service = absl::GetFlag(FLAGS_order_service);
  config.billing_service = absl::GetFlag(FLAGS_billing_service);
  const bool serves = config.service.migrate.empty();
  if (serves && config.link_key_file.empty()) {
    Refuse("--link_key_file is required: it holds the keys of the links' secrets.");
  }
  if (serves && config.http.trusted_proxies.MayBeMissing(config.public_url)) {
    Log(Level::kWarning,
        "--public_url is https, so a proxy stands before the page, but --trusted_proxies names none: every customer "
        "will have the proxy's address, in evidence too, and they share one limit");
  }
  return config;
}

}  // namespace countersign::link
