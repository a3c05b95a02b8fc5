#include "common/base/network.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace countersign {
namespace {

constexpr size_t kIpv6NetworkBytes = 8;
constexpr std::array<uint8_t, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

}  // namespace

std::string ClientKeyOf(absl::string_view address) {
  const std::string without_zone(address.substr(0, address.find('%')));
  std::array<uint8_t, 16> bytes;
  if (inet_pton(AF_INET6, without_zone.c_str(), bytes.data()) != 1) return std::string(address);
  if (std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), bytes.begin())) {
    return absl::StrCat(bytes[12], ".", bytes[13], ".", bytes[14], ".", bytes[15]);
  }
  return absl::BytesToHexString(absl::string_view(reinterpret_cast<const char*>(bytes.data()), kIpv6NetworkBytes));
}

}  // namespace countersign
