// Whether a client's certificate is valid now. TLS checks that only in a full handshake: a resumed session never looks
// again, each of its tickets renews the next, and an open connection outlives the certificate too.
#ifndef COUNTERSIGN_COMMON_RPC_CERTIFICATE_VALIDITY_H_
#define COUNTERSIGN_COMMON_RPC_CERTIFICATE_VALIDITY_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace countersign::rpc {

// OK from notBefore to notAfter, both included, of the first certificate in `pem`. `now` is real time. What a
// certificate says is remembered by its hash. Thread-safe.
// Errors: UNAUTHENTICATED CERTIFICATE_EXPIRED, CERTIFICATE_NOT_YET_VALID, CALLER_MALFORMED (no certificate).
absl::Status CheckCertificateValid(absl::string_view pem, absl::Time now);

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_CERTIFICATE_VALIDITY_H_
