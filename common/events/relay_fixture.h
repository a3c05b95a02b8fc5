// Fixture of the relay's tests: a relay of a replica, the held deliveries, and an operator's acts on them.
#ifndef COUNTERSIGN_COMMON_EVENTS_RELAY_FIXTURE_H_
#define COUNTERSIGN_COMMON_EVENTS_RELAY_FIXTURE_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/status_macros.h"
#include "common/base/uuid.h"
#include "common/events/held_delivery.h"
#include "common/events/log_fixture.h"
#include "common/events/owner.h"
#include "common/events/relay.h"
#include "common/mysql/database.h"
#include "common/mysql/page.h"
#include "common/testing/status_matchers.h"

namespace countersign::events {

// A receiver's answers: try again, never, and a fault of its own.
inline absl::Status Down() { return absl::UnavailableError("down"); }
inline absl::Status Refused() { return absl::InvalidArgumentError("poison \xff"); }
inline absl::Status Broken() { return absl::InternalError("broken"); }

inline std::vector<int64_t> UpTo(int64_t last) {
  std::vector<int64_t> versions(last);
  std::iota(versions.begin(), versions.end(), 1);
  return versions;
}

class RelayTest : public LogTest {
 protected:
  static std::unique_ptr<Relay> NewRelay(std::vector<Consumer> consumers, const std::string& owner = "a",
                                         std::vector<BucketTask> tasks = {}, mysql::Database& database = db(),
                                         absl::Duration lease = absl::Seconds(30)) {
    RelayOptions options;
    if (ReplicaOf(owner) == "a") options.committer = &committer();  // The others are replicas elsewhere.
    options.owner = owner;
    options.lease = lease;
    options.poll = absl::Milliseconds(20);
    options.cursor_lag = absl::Milliseconds(20);
    return MakeRelay(database, options, std::move(consumers), std::move(tasks));
  }
  static mysql::Page<HeldDelivery> Held(const mysql::PageQuery& query) {
    auto held = ListHeld(db(), Deadline(), query);
    EXPECT_OK(held.status());
    return held.ok() ? *std::move(held) : mysql::Page<HeldDelivery>();
  }
  static std::vector<HeldDelivery> Held() { return Held({.size = 100}).items; }

  // Retries or abandons the first aggregate's delivery to billing, as an operator.
  absl::Status Do(HeldDelivery (*verb)(const WaitingDelivery&), Relay& relay) {
    WaitingDelivery waiting;
    RETURN_IF_ERROR(db().Read(Deadline(), [&](mysql::Reader& reader) -> absl::Status {
      ASSIGN_OR_RETURN(waiting, FindHeld(reader, tenant_, first_, "billing"));
      return absl::OkStatus();
    }));
    RETURN_IF_ERROR(db().Transact(
        Deadline(), [&](mysql::Connection& connection) { return ReplaceHeld(connection, waiting, verb(waiting)); }));
    relay.LookNow();
    return absl::OkStatus();
  }

  const Uuid tenant_ = Id("tenant");
  const Uuid first_ = Id("first");
  const Uuid second_ = Id("second");
  Receiver receiver_;
};

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_RELAY_FIXTURE_H_
