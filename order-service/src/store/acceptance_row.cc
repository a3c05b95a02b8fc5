#include "order-service/src/store/acceptance_row.h"

#include <exception>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/postal_address.h"
#include "nlohmann/json.hpp"

namespace countersign::order {
namespace {

using Json = nlohmann::json;

absl::StatusOr<PostalAddress> AddressOf(const std::string& text) {
  try {
    const Json json = Json::parse(text);
    PostalAddress address;
    json.at("region_code").get_to(address.region_code);
    json.at("postal_code").get_to(address.postal_code);
    json.at("administrative_area").get_to(address.administrative_area);
    json.at("locality").get_to(address.locality);
    json.at("address_lines").get_to(address.address_lines);
    json.at("recipients").get_to(address.recipients);
    json.at("organization").get_to(address.organization);
    return address;
  } catch (const std::exception&) {  // The text of the exception would quote the row.
    return absl::DataLossError("no address");
  }
}

std::string AddressText(const PostalAddress& address) {
  return Json{{"region_code", address.region_code},
              {"postal_code", address.postal_code},
              {"administrative_area", address.administrative_area},
              {"locality", address.locality},
              {"address_lines", address.address_lines},
              {"recipients", address.recipients},
              {"organization", address.organization}}
      .dump();
}

constexpr int kKeyColumns = 3;  // They are the order's.

}  // namespace

Acceptance AcceptanceOf(mysql::RowReader& row) {
  row.Skip(kKeyColumns + 1);  // The link is the order's, too.
  return {.purchase_order_number = row.Text(),
          .company_name = row.Text(),
          .billing_email = row.Text(),
          .billing_address = row.Parsed(AddressOf),
          .agreement_version = row.Text(),
          .content_sha256 = row.Text(),
          .ip_address = row.Text(),
          .user_agent = row.Text(),
          .press_time = row.Time(),
          .confirmer_name = row.Text(),
          .confirmer_title = row.Text(),
          .confirmer_email = row.Text(),
          .tax_id = row.Text(),
          .language_code = row.Text()};
}

std::string NoAddressText() { return AddressText({}); }

mysql::RowWrite AcceptanceRow(const Order& order, const Acceptance& acceptance) {
  return mysql::Insert(
      kAcceptances,
      {order.name.partner, order.name.id, order.revision, order.link, acceptance.purchase_order_number,
       acceptance.company_name, acceptance.billing_email, AddressText(acceptance.billing_address),
       acceptance.agreement_version, acceptance.content_sha256, acceptance.ip_address, acceptance.user_agent,
       acceptance.press_time, acceptance.confirmer_name, acceptance.confirmer_title, acceptance.confirmer_email,
       acceptance.tax_id, acceptance.language_code});
}

}  // namespace countersign::order
