#include "common/rpc/caller.h"

#include <arpa/inet.h>

#include <array>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/certificate_validity.h"
#include "grpc/grpc_security_constants.h"
#include "grpcpp/security/auth_context.h"

namespace countersign::rpc {
namespace {

constexpr int kMaxNameLength = 63;
constexpr size_t kMaxKeyLength = 200;
constexpr size_t kIpv6NetworkBytes = 8;
constexpr absl::string_view kTrustDomain = "spiffe://countersign/";
constexpr char kPlaintext[] = "insecure";                 // How gRPC calls a connection without TLS.
constexpr char kCertificateProperty[] = "x509_pem_cert";  // Of a peer that showed one, after it was verified.

bool IsName(absl::string_view text) {
  if (text.empty() || text.size() > kMaxNameLength) return false;
  for (const char c : text) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
  }
  return true;
}

absl::Status Unauthenticated(absl::string_view reason, absl::string_view message) {
  return Error(absl::StatusCode::kUnauthenticated, reason, message);
}

absl::Status Malformed() {
  return Unauthenticated("CALLER_MALFORMED",
                         "The metadata countersign-caller must be partners/{uuid}, operators/{name}, viewers/{name} or "
                         "services/{name}.");
}

absl::StatusOr<Caller> CallerOfKey(absl::string_view authorization, absl::string_view peer, KeyCache* keys,
                                   absl::Time deadline) {
  const std::pair<absl::string_view, absl::string_view> words = absl::StrSplit(authorization, absl::MaxSplits(' ', 1));
  if (!absl::EqualsIgnoreCase(words.first, "bearer") || words.second.size() > kMaxKeyLength) {
    return Unauthenticated("CALLER_MALFORMED", "The metadata authorization must be: Bearer, a blank and an API key.");
  }
  absl::StatusOr<VerifiedKey> key = absl::NotFoundError("no keys here");
  if (keys != nullptr) key = keys->Verify(words.second, AddressOfPeer(peer), deadline);
  if (absl::IsNotFound(key.status())) {
    return Unauthenticated("API_KEY_INVALID", "The API key is unknown, revoked or expired.");
  }
  RETURN_IF_ERROR(key.status());
  return Caller{.role = Role::kPartner,
                .name = absl::StrCat("partners/", key->partner.ToString()),
                .partner = key->partner,
                .suspended = key->suspended,
                .api_key = key->name};
}

// OK where the connection shows no certificate.
absl::Status CheckCertificate(const grpc::AuthContext& transport, absl::Time now) {
  const std::vector<grpc::string_ref> shown = transport.FindPropertyValues(kCertificateProperty);
  return shown.empty() ? absl::OkStatus() : CheckCertificateValid({shown[0].data(), shown[0].size()}, now);
}

absl::StatusOr<Caller> CallerOfCertificate(const grpc::AuthContext& transport) {
  if (transport.FindPropertyValues(kCertificateProperty).empty()) {
    return Unauthenticated("CALLER_MISSING", "Call with a client certificate, or with an API key in authorization.");
  }
  // gRPC gives a SPIFFE id only where it is the certificate's one URI.
  const std::vector<grpc::string_ref> ids = transport.FindPropertyValues(GRPC_PEER_SPIFFE_ID_PROPERTY_NAME);
  return ids.size() == 1 ? ParseSpiffeId({ids[0].data(), ids[0].size()}) : ParseSpiffeId("");
}

}  // namespace

absl::StatusOr<Caller> ParseCaller(absl::string_view text) {
  absl::string_view id = text;
  if (absl::ConsumePrefix(&id, "partners/")) {
    const absl::StatusOr<Uuid> partner = Uuid::Parse(id);
    if (!partner.ok() || partner->is_nil()) return Malformed();
    return Caller{Role::kPartner, std::string(text), *partner};
  }
  if (absl::ConsumePrefix(&id, "operators/") && IsName(id)) return Caller{Role::kOperator, std::string(text), Uuid()};
  if (absl::ConsumePrefix(&id, "viewers/") && IsName(id)) return Caller{Role::kViewer, std::string(text), Uuid()};
  if (absl::ConsumePrefix(&id, "services/") && IsName(id)) return Caller{Role::kService, std::string(text), Uuid()};
  return Malformed();
}

absl::StatusOr<Caller> ParseSpiffeId(absl::string_view uri) {
  absl::string_view path = uri;
  const bool is_ours = absl::ConsumePrefix(&path, kTrustDomain);
  const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(path, absl::MaxSplits('/', 1));
  const auto& [role, name] = parts;
  if (!is_ours || !IsName(name) || !(role == "operator" || role == "viewer" || role == "service")) {
    return Unauthenticated("CALLER_MALFORMED",
                           "A client certificate must have one URI, spiffe://countersign/ROLE/NAME, where ROLE is "
                           "operator, viewer or service.");
  }
  return ParseCaller(absl::StrCat(role, "s/", name));
}

std::string AddressOfPeer(absl::string_view peer) {
  peer = peer.substr(0, peer.rfind(':'));
  if (absl::ConsumePrefix(&peer, "ipv4:")) return std::string(peer);
  absl::ConsumePrefix(&peer, "ipv6:");
  const std::string address = absl::StrReplaceAll(peer, {{"%5B", ""}, {"%5D", ""}, {"[", ""}, {"]", ""}});
  std::array<char, 16> bytes;
  if (inet_pton(AF_INET6, address.substr(0, address.find('%')).c_str(), bytes.data()) != 1) return address;
  return absl::BytesToHexString(absl::string_view(bytes.data(), kIpv6NetworkBytes));
}

absl::StatusOr<Caller> IdentifyCaller(const grpc::ServerContextBase& context, KeyCache* keys, absl::Time deadline,
                                      absl::Time now) {
  const std::shared_ptr<const grpc::AuthContext> transport = context.auth_context();
  RETURN_IF_ERROR(CheckCertificate(*transport, now));
  const auto& metadata = context.client_metadata();
  const auto [key, end_of_keys] = metadata.equal_range(kAuthorizationMetadata);
  if (key != end_of_keys) {
    const bool is_single = std::next(key) == end_of_keys;
    return CallerOfKey(is_single ? absl::string_view(key->second.data(), key->second.size()) : "", context.peer(), keys,
                       deadline);
  }
  const auto kinds = transport->FindPropertyValues(GRPC_TRANSPORT_SECURITY_TYPE_PROPERTY_NAME);
  if (kinds.size() != 1 || kinds[0] != kPlaintext) return CallerOfCertificate(*transport);

  const auto [begin, end] = metadata.equal_range(kCallerMetadata);
  if (begin == end || std::next(begin) != end) {
    return Unauthenticated("CALLER_MISSING",
                           "The request must say once who calls, in the metadata countersign-caller.");
  }
  return ParseCaller(absl::string_view(begin->second.data(), begin->second.size()));
}

}  // namespace countersign::rpc
