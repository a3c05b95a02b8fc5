#include "link-service/src/web/client_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace countersign::link::web {
namespace {

using Address = std::array<uint8_t, 16>;

constexpr Address kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr int kMappedPrefixBits = 96;
constexpr int kIpv6NetworkBytes = 8;

std::optional<Address> ParseAddress(absl::string_view text, bool* is_v4 = nullptr) {
  const std::string terminated(text);
  Address address = kMappedPrefix;
  const bool v4 = inet_pton(AF_INET, terminated.c_str(), address.data() + 12) == 1;
  if (is_v4 != nullptr) *is_v4 = v4;
  if (v4 || inet_pton(AF_INET6, terminated.c_str(), address.data()) == 1) return address;
  return std::nullopt;
}

std::string FormatAddress(const Address& address) {
  char text[INET6_ADDRSTRLEN] = "";
  const bool v4 = std::equal(address.begin(), address.begin() + 12, kMappedPrefix.begin());
  if (v4) {
    inet_ntop(AF_INET, address.data() + 12, text, sizeof(text));
  } else {
    inet_ntop(AF_INET6, address.data(), text, sizeof(text));
  }
  return text;
}

bool SharesPrefix(const Address& a, const Address& b, int bits) {
  const int bytes = bits / 8;
  if (!std::equal(a.begin(), a.begin() + bytes, b.begin())) return false;
  const int rest = bits % 8;
  return rest == 0 || (a[bytes] >> (8 - rest)) == (b[bytes] >> (8 - rest));
}

// The address in an entry of X-Forwarded-For, as proxies write it: 192.0.2.7, 192.0.2.7:4000, 2001:db8::7,
// [2001:db8::7], "[2001:db8::7]:443".
absl::string_view HostOfHop(absl::string_view hop) {
  hop = absl::StripAsciiWhitespace(hop);
  if (hop.size() >= 2 && hop.front() == '"' && hop.back() == '"') hop = hop.substr(1, hop.size() - 2);
  if (absl::ConsumePrefix(&hop, "[")) return hop.substr(0, hop.find(']'));
  const size_t colon = hop.find(':');
  return colon == hop.rfind(':') ? hop.substr(0, colon) : hop;  // With one colon it is a port.
}

}  // namespace

absl::StatusOr<TrustedProxies> TrustedProxies::Parse(const std::vector<std::string>& entries) {
  TrustedProxies proxies;
  for (const std::string& entry : entries) {
    const std::vector<absl::string_view> parts = absl::StrSplit(entry, absl::MaxSplits('/', 1));
    bool is_v4 = false;
    const std::optional<Address> address = ParseAddress(parts[0], &is_v4);
    const int family_bits = is_v4 ? 32 : 128;
    int prefix = family_bits;
    if (!address.has_value() ||
        (parts.size() == 2 && (!absl::SimpleAtoi(parts[1], &prefix) || prefix < 0 || prefix > family_bits))) {
      return absl::InvalidArgumentError(
          absl::StrCat("trusted proxy \"", entry, "\" is not an address or a network such as 10.0.0.0/8"));
    }
    proxies.networks_.push_back({*address, is_v4 ? kMappedPrefixBits + prefix : prefix});
  }
  return proxies;
}

bool TrustedProxies::Contains(const Address& address) const {
  return std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
    return SharesPrefix(network.address, address, network.prefix_bits);
  });
}

bool TrustedProxies::MayBeMissing(absl::string_view public_url) const {
  return networks_.empty() && absl::StartsWith(public_url, "https://");
}

bool TrustedProxies::Trusts(absl::string_view peer) const {
  const std::optional<Address> address = ParseAddress(peer);
  return address.has_value() && Contains(*address);
}

std::string TrustedProxies::ClientAddress(absl::string_view peer, absl::string_view x_forwarded_for) const {
  std::optional<Address> client = ParseAddress(peer);
  if (!client.has_value()) return std::string(peer);
  const std::vector<absl::string_view> hops = absl::StrSplit(x_forwarded_for, ',', absl::SkipWhitespace());
  for (auto hop = hops.rbegin(); hop != hops.rend() && Contains(*client); ++hop) {
    const std::optional<Address> address = ParseAddress(HostOfHop(*hop));
    if (!address.has_value()) return std::string(kUnknownClient);
    client = address;
  }
  return FormatAddress(*client);
}

std::string ClientKey(absl::string_view address) {
  const std::optional<Address> parsed = ParseAddress(address);
  if (!parsed.has_value() || std::equal(parsed->begin(), parsed->begin() + 12, kMappedPrefix.begin())) {
    return std::string(address);
  }
  return std::string(parsed->begin(), parsed->begin() + kIpv6NetworkBytes);
}

}  // namespace countersign::link::web
