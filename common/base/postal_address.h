#ifndef COUNTERSIGN_COMMON_BASE_POSTAL_ADDRESS_H_
#define COUNTERSIGN_COMMON_BASE_POSTAL_ADDRESS_H_

#include <string>
#include <vector>

namespace countersign {

// A delivery or billing address: the parts of google.type.PostalAddress that matter here.
struct PostalAddress {
  std::string region_code;  // ISO 3166-1: "US", "JP".
  std::string postal_code;
  std::string administrative_area;  // State, prefecture.
  std::string locality;             // City.
  std::vector<std::string> address_lines;
  std::vector<std::string> recipients;
  std::string organization;

  friend bool operator==(const PostalAddress& a, const PostalAddress& b) = default;
};

}  // namespace countersign

#endif  // COUNTERSIGN_COMMON_BASE_POSTAL_ADDRESS_H_
