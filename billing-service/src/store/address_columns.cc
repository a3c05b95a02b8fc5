#include "billing-service/src/store/address_columns.h"

#include <string>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace countersign::billing {
namespace {

// The lines of an address are kept in one column; no line holds a line break.
std::vector<std::string> SplitLines(const std::string& text) {
  return text.empty() ? std::vector<std::string>() : absl::StrSplit(text, '\n');
}

}  // namespace

PostalAddress AddressOf(mysql::RowReader& row) {
  PostalAddress address;
  address.region_code = row.Text();
  address.postal_code = row.Text();
  address.administrative_area = row.Text();
  address.locality = row.Text();
  address.address_lines = SplitLines(row.Text());
  address.recipients = SplitLines(row.Text());
  address.organization = row.Text();
  return address;
}

void AppendAddress(const PostalAddress& address, std::vector<mysql::Parameter>& values) {
  values.insert(values.end(), {address.region_code, address.postal_code, address.administrative_area, address.locality,
                               absl::StrJoin(address.address_lines, "\n"), absl::StrJoin(address.recipients, "\n"),
                               address.organization});
}

}  // namespace countersign::billing
