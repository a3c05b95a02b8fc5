#include "order-service/src/domain/self_dealing.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/mail_domain.h"

namespace countersign::order {
namespace {

constexpr size_t kIpv6Bytes = 16;
constexpr size_t kIpv6NetworkBytes = 8;

// Anybody can have an address there.
constexpr absl::string_view kPublicProviders[] = {
    "aol.com",     "gmail.com", "gmx.de",      "gmx.net", "googlemail.com", "hotmail.com", "icloud.com",
    "laposte.net", "live.com",  "mail.com",    "me.com",  "msn.com",        "orange.fr",   "outlook.com",
    "proton.me",   "qq.com",    "t-online.de", "web.de",  "yahoo.co.jp",    "yahoo.com",   "163.com"};

struct Network {
  uint32_t first;
  int bits;
};
constexpr Network kPrivateIpv4[] = {{0x7f000000, 8},  {0x0a000000, 8},  {0xac100000, 12},
                                    {0xc0a80000, 16}, {0xa9fe0000, 16}, {0x00000000, 8}};

bool IsPrivate(uint32_t address) {
  return std::any_of(std::begin(kPrivateIpv4), std::end(kPrivateIpv4),
                     [&](const Network& network) { return ((address ^ network.first) >> (32 - network.bits)) == 0; });
}

// The part that is compared: IPv4 as it is, of IPv6 the hexadecimal digits of its network, IPv4 in IPv6 as IPv4.
std::string NetworkOf(const std::string& address) {
  std::array<unsigned char, kIpv6Bytes> bytes;
  if (inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return address;
  constexpr unsigned char kMapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (std::memcmp(bytes.data(), kMapped, sizeof(kMapped)) == 0) {
    return absl::StrCat(bytes[12], ".", bytes[13], ".", bytes[14], ".", bytes[15]);
  }
  return absl::BytesToHexString({reinterpret_cast<const char*>(bytes.data()), kIpv6NetworkBytes});
}

// It names one client, or the few behind one connection.
bool TellsClients(const std::string& network) {
  in_addr ipv4 = {};
  if (inet_pton(AF_INET, network.c_str(), &ipv4) == 1) return !IsPrivate(ntohl(ipv4.s_addr));
  if (network.size() != 2 * kIpv6NetworkBytes) return false;
  const bool is_private = absl::StartsWith(network, "fc") || absl::StartsWith(network, "fd") ||
                          absl::StartsWith(network, "fe8") || absl::StartsWith(network, "0000");
  return !is_private;
}

bool IsOwn(const std::string& domain) {
  return !domain.empty() &&
         std::find(std::begin(kPublicProviders), std::end(kPublicProviders), domain) == std::end(kPublicProviders);
}

}  // namespace

std::string SuspectSelfDealing(const Submitter& submitter, const Acceptance& acceptance) {
  const std::string network = NetworkOf(acceptance.ip_address);
  const bool same_address = TellsClients(network) && network == NetworkOf(submitter.address);
  const std::string domain = MailDomainOf(acceptance.billing_email);
  const std::string& own = submitter.mail_domain;
  const bool own_mail = IsOwn(own) && (domain == own || absl::EndsWith(domain, absl::StrCat(".", own)));
  if (!same_address && !own_mail) return "";
  return absl::StrCat(
      "Suspected self-dealing: ", same_address ? "confirmed from the address from which the order was submitted" : "",
      same_address && own_mail ? "; " : "", own_mail ? "invoices go to the partner's own mail domain" : "", ".");
}

}  // namespace countersign::order
