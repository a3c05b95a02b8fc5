// countersign.clock.v1.ClockService: the business clock of a sandbox, which operators advance.
#ifndef COUNTERSIGN_COMMON_SERVICE_CLOCK_SERVICE_H_
#define COUNTERSIGN_COMMON_SERVICE_CLOCK_SERVICE_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/sandbox_clock.h"
#include "common/events/committer.h"
#include "common/events/relay.h"
#include "common/mysql/database.h"
#include "common/rpc/endpoint.h"
#include "countersign/clock/v1/clock_service.grpc.pb.h"

namespace countersign::service {

// Puts the clock to where it was when it was last advanced, so that it does not go back when the service starts again.
// Errors: those of Database.
absl::Status RestoreClock(mysql::Database& database, absl::Time deadline, SandboxClock& clock);

class ClockService final : public clock::v1::ClockService::Service {
 public:
  // All must outlive the handlers.
  ClockService(const rpc::Endpoint& endpoint, mysql::Database& database, events::Committer& committer,
               events::Relay& relay, SandboxClock& clock)
      : endpoint_(endpoint), database_(database), committer_(committer), relay_(relay), clock_(clock) {}

  grpc::Status GetTime(grpc::ServerContext* context, const clock::v1::GetTimeRequest* request,
                       clock::v1::GetTimeResponse* reply) override;
  grpc::Status AdvanceTime(grpc::ServerContext* context, const clock::v1::AdvanceTimeRequest* request,
                           clock::v1::AdvanceTimeResponse* reply) override;

 private:
  struct Advance {
    Uuid tenant;
    absl::Time to;
  };
  static absl::StatusOr<Advance> Parse(const rpc::Call& call, const clock::v1::AdvanceTimeRequest& request);
  // Day by day. A step is written down before the clock moves, and done before the next.
  absl::StatusOr<clock::v1::AdvanceTimeResponse> AdvanceTo(const rpc::Call& call, const Advance& advance);
  absl::Status CheckAhead(const rpc::Call& call, absl::Time to) const;
  absl::Status Step(const rpc::Call& call, absl::Time to);

  const rpc::Endpoint& endpoint_;
  mysql::Database& database_;
  events::Committer& committer_;
  events::Relay& relay_;
  SandboxClock& clock_;
};

}  // namespace countersign::service

#endif  // COUNTERSIGN_COMMON_SERVICE_CLOCK_SERVICE_H_
