// Whose request is it? Behind an ingress every connection comes from the proxy, and X-Forwarded-For can be forged by
// anyone who is not one; so it is believed only as far as a configured list of proxies reaches.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_WEB_CLIENT_ADDRESS_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_WEB_CLIENT_ADDRESS_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace countersign::link::web {

inline constexpr absl::string_view kUnknownClient = "unknown";

class TrustedProxies {
 public:
  TrustedProxies() = default;  // Trusts nobody.

  // Addresses ("192.0.2.7", "::1") or networks ("10.0.0.0/8", "fd00::/8"). Error: INVALID_ARGUMENT naming the entry.
  static absl::StatusOr<TrustedProxies> Parse(const std::vector<std::string>& entries);

  // Whether the page at `public_url` is surely behind a proxy, as it speaks no TLS itself, and none is trusted: all
  // customers would then have the proxy's address.
  bool MayBeMissing(absl::string_view public_url) const;

  // Whether `peer` is a trusted proxy, whose connections are those of many clients.
  bool Trusts(absl::string_view peer) const;

  // The client's address: `peer` unless it is a trusted proxy; else the last entry of `x_forwarded_for` that is not
  // itself one, without its port. kUnknownClient where a trusted proxy names something else, such as "unknown".
  std::string ClientAddress(absl::string_view peer, absl::string_view x_forwarded_for) const;

 private:
  // IPv4 is held as ::ffff:a.b.c.d, so that a dual-stack socket compares alike.
  struct Network {
    std::array<uint8_t, 16> address;
    int prefix_bits;
  };
  bool Contains(const std::array<uint8_t, 16>& address) const;

  std::vector<Network> networks_;
};

// The key that counts as one client: of an IPv6 address the first 64 bits, which one client owns as a whole; any other
// text as it is.
std::string ClientKey(absl::string_view address);

}  // namespace countersign::link::web

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_WEB_CLIENT_ADDRESS_H_
