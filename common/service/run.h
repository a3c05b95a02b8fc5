// Runs a service under whoever watches it: the ports for probes and metrics, and patience with what is not there yet.
#ifndef COUNTERSIGN_COMMON_SERVICE_RUN_H_
#define COUNTERSIGN_COMMON_SERVICE_RUN_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/service/service_flags.h"

namespace countersign::service {

inline constexpr absl::Duration kPauseBeforeAnotherTry = absl::Seconds(1);

// Runs `serve`, with the ports of --health_listen and --metrics_listen open all the while:
//   /live    200 as long as the process runs: what is wrong with the database is no reason to restart it.
//   /ready   200 while it serves, else 503; the text says why not, as does one line of the log.
//   /metrics on the port of metrics.
// With --health_listen, a `serve` that fails (a file that is missing, a schema that does not fit) is run again after
// `pause` until it succeeds or a signal ends the process: what is wrong may be put right meanwhile. Not so where only
// another configuration or a new process helps. Without --health_listen nobody would see that it waits, so it ends.
// Errors: those of StatusPort::Start and of `serve`.
absl::Status RunWatched(const ServiceOptions& options, absl::FunctionRef<absl::Status()> serve,
                        absl::Duration pause = kPauseBeforeAnotherTry);

}  // namespace countersign::service

#endif  // COUNTERSIGN_COMMON_SERVICE_RUN_H_
