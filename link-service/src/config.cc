#include "link-service/src/config.h"

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/log.h"
#include "link-service/src/web/colour.h"
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
ABSL_FLAG(std::string, vendor_legal_entity, "",
          "Who sells and invoices, as a party of the agreement: name and seat. Default: --vendor_name.");
ABSL_FLAG(std::string, vendor_privacy_url, "", "Where the vendor says what it does with personal data.");
ABSL_FLAG(
    std::string, customer_agreements, "",
    "A directory with the vendor's agreements with its customers: VERSION.txt, a title and paragraphs. New orders "
    "are confirmed on the greatest version; the others are kept for links that name them. Without a directory, or "
    "with an empty one, there is one made-up agreement, for sandboxes.");
ABSL_FLAG(std::string, vendor_logo, "",
          "A file with the vendor's logo, an SVG or PNG of at most 64 KiB, legible on white. Default: --vendor_name.");
ABSL_FLAG(std::string, vendor_accent, "", "#rrggbb of buttons and links; needs a contrast of 4.5:1 to white.");
ABSL_FLAG(std::string, vendor_accent_dark, "",
          "The same for browsers that ask for dark pages; needs a contrast of 4.5:1 to #1b232d.");
ABSL_FLAG(std::vector<std::string>, trusted_proxies, {},
          "Addresses or networks (10.0.0.0/8) whose X-Forwarded-For is believed, separated by commas.");

namespace countersign::link {
namespace {

web::HttpServerOptions HttpOptions(const Vendor& vendor) {
  web::HttpServerOptions options;
  const std::string listen = absl::GetFlag(FLAGS_http_listen);
  const size_t colon = listen.rfind(':');
  uint32_t port = 0;
  const bool fits = colon != std::string::npos && absl::SimpleAtoi(listen.substr(colon + 1), &port) && port <= 65535;
  if (!fits) service::RefuseFlag("--http_listen must be address:port, such as 127.0.0.1:7180.");
  options.port = static_cast<uint16_t>(port);
  absl::string_view host = absl::string_view(listen).substr(0, colon);
  if (absl::ConsumePrefix(&host, "[")) absl::ConsumeSuffix(&host, "]");
  options.host = std::string(host);
  const absl::StatusOr<web::TrustedProxies> proxies = web::TrustedProxies::Parse(absl::GetFlag(FLAGS_trusted_proxies));
  if (!proxies.ok()) service::RefuseFlag(absl::StrCat("--trusted_proxies: ", proxies.status().message()));
  options.trusted_proxies = *proxies;
  web::SetSiteErrorPages(vendor, &options);
  return options;
}

std::string PublicUrl() {
  const std::string flag = absl::GetFlag(FLAGS_public_url);
  const absl::string_view url = absl::StripSuffix(flag, "/");
  if (!absl::StartsWith(url, "http://") && !absl::StartsWith(url, "https://")) {
    service::RefuseFlag("--public_url must begin with http:// or https://.");
  }
  return std::string(url);
}

void RequireLegible(absl::string_view flag, const std::string& colour, absl::string_view paper) {
  const absl::Status legible = colour.empty() ? absl::OkStatus() : web::CheckLegible(colour, paper);
  if (!legible.ok()) service::RefuseFlag(absl::StrCat(flag, ": ", legible.message()));
}

Agreements AgreementsOfFlags() {
  const std::string directory = absl::GetFlag(FLAGS_customer_agreements);
  if (directory.empty()) return Agreements();
  absl::StatusOr<Agreements> loaded = Agreements::Load(directory);
  if (!loaded.ok()) service::RefuseFlag(absl::StrCat("--customer_agreements: ", loaded.status().message()));
  return *std::move(loaded);
}

std::shared_ptr<const Logo> LogoOfFlags() {
  const std::string file = absl::GetFlag(FLAGS_vendor_logo);
  if (file.empty()) return nullptr;
  absl::StatusOr<std::shared_ptr<const Logo>> logo = LoadLogo(file);
  if (!logo.ok()) service::RefuseFlag(absl::StrCat("--vendor_logo: ", logo.status().message()));
  return *std::move(logo);
}

Vendor VendorOfFlags() {
  Vendor vendor = {.name = absl::GetFlag(FLAGS_vendor_name),
                   .contact = absl::GetFlag(FLAGS_vendor_contact),
                   .legal_entity = absl::GetFlag(FLAGS_vendor_legal_entity),
                   .privacy_url = absl::GetFlag(FLAGS_vendor_privacy_url),
                   .public_url = PublicUrl(),
                   .accent = absl::GetFlag(FLAGS_vendor_accent),
                   .accent_dark = absl::GetFlag(FLAGS_vendor_accent_dark),
                   .logo = LogoOfFlags(),
                   .agreements = AgreementsOfFlags()};
  RequireLegible("--vendor_accent", vendor.accent, web::kPaper);
  RequireLegible("--vendor_accent_dark", vendor.accent_dark, web::kDarkPaper);
  if (!vendor.privacy_url.empty() && !absl::StartsWith(vendor.privacy_url, "https://")) {
    service::RefuseFlag("--vendor_privacy_url must begin with https://.");
  }
  return vendor;
}

}  // namespace

Config ParseConfig(int argc, char** argv) {
  Config config;
  config.service = service::ParseServiceFlags(
      argc, argv, "Confirmation links, and the page on which customers confirm their orders.",
      {.name = "link-service",
       .listen = "127.0.0.1:7103",
       .database = "mysql://countersign_link@127.0.0.1:3306/countersign_link"});
  config.vendor = VendorOfFlags();
  config.http = HttpOptions(config.vendor);
  config.link_key_file = absl::GetFlag(FLAGS_link_key_file);
  config.partner_service = absl::GetFlag(FLAGS_partner_service);
  config.order_service = absl::GetFlag(FLAGS_order_service);
  config.billing_service = absl::GetFlag(FLAGS_billing_service);
  const bool serves = config.service.migrate.empty();
  if (serves && config.link_key_file.empty()) {
    service::RefuseFlag("--link_key_file is required: it holds the keys of the links' secrets.");
  }
  if (serves && config.http.trusted_proxies.MayBeMissing(config.vendor.public_url)) {
    Log(Level::kWarning,
        "--public_url is https, so a proxy stands before the page, but --trusted_proxies names none: every customer "
        "will have the proxy's address, in evidence too, and they share one limit");
  }
  if (serves && config.vendor.agreements.are_made_up()) {
    Log(Level::kWarning,
        "no customer agreement in --customer_agreements: customers are asked to accept a made-up one, which binds "
        "nobody");
  }
  return config;
}

}  // namespace countersign::link
