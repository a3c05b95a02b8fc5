#include "common/events/sealer.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"

namespace countersign::events {
namespace {

constexpr absl::Duration kDatabaseTimeout = absl::Seconds(10);

}  // namespace

Sealer::Sealer(mysql::Database& database, const Leases& leases, LogTail& tail,
               std::function<void(int bucket)> on_sealed)
    : database_(database), leases_(leases), tail_(tail), on_sealed_(std::move(on_sealed)) {}

Turn Sealer::Work(int bucket) {
  Turn turn;
  Bucket& state = buckets_[bucket];
  while (true) {
    const std::optional<int64_t> epoch = leases_.EpochOf(bucket);
    if (!epoch.has_value()) return turn;
    if (state.epoch != *epoch) {
      if (const absl::Status status = ReadHeadOf(bucket, *epoch); !status.ok()) return Fail(bucket, status);
    }
    const absl::StatusOr<std::vector<Event>> sealed =
        SealBucket(database_, absl::Now() + kDatabaseTimeout, bucket, *epoch, state.head);
    if (!sealed.ok()) return Fail(bucket, sealed.status());
    if (sealed->empty()) return turn;
    turn.progress = true;
    tail_.Append(bucket, *sealed);
    on_sealed_(bucket);
    if (sealed->size() < kSealBatch) return turn;
  }
}

absl::Status Sealer::ReadHeadOf(int bucket, int64_t epoch) {
  Bucket& state = buckets_[bucket];
  RETURN_IF_ERROR(database_.Read(absl::Now() + kDatabaseTimeout, [&](mysql::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(state.head, ReadHead(reader, bucket));
    return absl::OkStatus();
  }));
  state.epoch = epoch;
  tail_.Reset(bucket, state.head.position);
  on_sealed_(bucket);
  return absl::OkStatus();
}

Turn Sealer::Fail(int bucket, const absl::Status& status) {
  buckets_[bucket].epoch = 0;  // Whether the seals were written is not known: read the head again.
  tail_.Forget(bucket);
  if (!IsLostRace(status)) {
    Log(Level::kWarning, "sealing failed", {{"bucket", absl::StrCat(bucket)}, {"error", status.ToString()}});
  }
  return Turn{.waits = true, .fenced = IsLostRace(status)};
}

}  // namespace countersign::events
