// The identity of a caller. Only this file decides it.
//
//   an API key, `authorization: Bearer cs_…`    → its partner, whatever certificate the connection has
//   a certificate, spiffe://countersign/ROLE/NAME → an operator, a viewer or a service
//   on a plaintext connection, which only loopback has, the metadata countersign-caller is believed (server.h)
#ifndef COUNTERSIGN_COMMON_RPC_CALLER_H_
#define COUNTERSIGN_COMMON_RPC_CALLER_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/rpc/api_key.h"
#include "grpcpp/server_context.h"

namespace countersign::rpc {

enum class Role : uint8_t { kPartner, kOperator, kViewer, kService };

struct Caller {
  Role role = Role::kPartner;
  // "partners/{uuid}", "operators/{name}", "viewers/{name}", "services/{name}": whose rights, quota, stored replies and
  // page tokens these are. A partner's keys share them, so that a key can be exchanged while work goes on.
  std::string name;
  Uuid partner;              // Of a partner; nil for the others.
  bool suspended = false;    // Of a partner: its rights are those of a suspended one (access_policy.h).
  std::string api_key = {};  // The key that was shown, "partners/{uuid}/apiKeys/{uuid}"; empty where none was.

  // For the record and the log: the API key's name if one was shown, else `name`.
  const std::string& actor() const { return api_key.empty() ? name : api_key; }
};

inline constexpr char kAuthorizationMetadata[] = "authorization";
inline constexpr char kCallerMetadata[] = "countersign-caller";
inline constexpr char kOnBehalfOfMetadata[] = "countersign-on-behalf-of";
inline constexpr char kTraceIdMetadata[] = "countersign-trace-id";

// From "partners/{uuid}", "operators/{name}", "viewers/{name}" or "services/{name}"; a name is 1 to 63 of a–z, 0–9 and
// '-'. Error: UNAUTHENTICATED CALLER_MALFORMED.
absl::StatusOr<Caller> ParseCaller(absl::string_view text);

// From "spiffe://countersign/{operator|viewer|service}/{name}". Error: UNAUTHENTICATED CALLER_MALFORMED.
absl::StatusOr<Caller> ParseSpiffeId(absl::string_view uri);

// The caller of a request. A key is verified by `keys` (null: there are no keys here) before `deadline`. A certificate
// must be valid at `now` (real time), even where a key is shown.
// Errors: UNAUTHENTICATED CALLER_MISSING (neither key nor certificate, or no countersign-caller), CALLER_MALFORMED (a
// certificate with another name than one of ours, or several; an authorization that is no single Bearer key),
// API_KEY_INVALID, those of CheckCertificateValid; UNAVAILABLE KEY_NOT_VERIFIED when it cannot be found out whose the
// key is; RESOURCE_EXHAUSTED QUOTA_EXCEEDED after too many bad keys from the caller's address.
absl::StatusOr<Caller> IdentifyCaller(const grpc::ServerContextBase& context, KeyCache* keys, absl::Time deadline,
                                      absl::Time now);

// The address that a peer is counted under. `peer` is gRPC's name of it ("ipv4:192.0.2.1:1234",
// "ipv6:%5B2001:db8::1%5D:1234"): the address without its port, of IPv6 the first 64 bits, which one client owns as a
// whole.
std::string AddressOfPeer(absl::string_view peer);

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_CALLER_H_
