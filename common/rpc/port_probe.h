// Whether somebody still answers at a port of our own: gRPC 1.51 accepts no connection ever again after it once ran out
// of descriptors (CVE-2023-4785), and nothing else in the process notices.
#ifndef COUNTERSIGN_COMMON_RPC_PORT_PROBE_H_
#define COUNTERSIGN_COMMON_RPC_PORT_PROBE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace countersign::rpc {

// Connects, sends nothing more, and waits until the server says something or closes. The kernel alone does neither, so
// a port whose server accepts no more is found. `host`: an address or a name; a wildcard is asked at loopback.
// Errors: UNAVAILABLE (nobody answered in `patience`), RESOURCE_EXHAUSTED (no descriptor to ask with).
absl::Status ProbePort(const std::string& host, int port, absl::Duration patience);

}  // namespace countersign::rpc

#endif  // COUNTERSIGN_COMMON_RPC_PORT_PROBE_H_
