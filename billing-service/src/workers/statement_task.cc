#include "billing-service/src/workers/statement_task.h"

#include <algorithm>
#include <vector>

#include "common/base/date.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr int kDaysUntilClosing = 7;

absl::Status CloseBucket(const StatementStore& statements, const StatementCloser& closer, int bucket, absl::Time now,
                         absl::Time deadline) {
  const Date over = QuarterOf(DateOf(now) - kDaysUntilClosing).start;
  ASSIGN_OR_RETURN(std::vector<PartnerCurrency> partners,
                   statements.ListUnstatedPartners(deadline, bucket, StartOf(over)));
  ASSIGN_OR_RETURN(const std::vector<PartnerCurrency> waiting, statements.ListWaiting(deadline, bucket));
  for (const PartnerCurrency& of : waiting) {
    if (std::find(partners.begin(), partners.end(), of) == partners.end()) partners.push_back(of);
  }
  const ClosingAct closing{.act = {.service = "billing-service", .now = now},
                           .outgoing = rpc::WorkerOutgoing("billing-service", deadline),
                           .deadline = deadline,
                           .over = over};
  absl::Status first_error;
  for (const PartnerCurrency& of : partners) {
    std::vector<Uuid> closed;
    const absl::Status status = closer.Close(closing, of.partner, of.currency, closed);
    if (!IsLostRace(status)) first_error.Update(status);
  }
  return first_error;
}

// A quarter's day of closing, which a clock that is advanced does not pass before everything was closed.
absl::StatusOr<std::vector<int>> BucketsDue(Date today) {
  std::vector<int> buckets;
  if (QuarterOf(today).start + kDaysUntilClosing != today) return buckets;
  for (int bucket = 0; bucket < events::kBuckets; ++bucket) buckets.push_back(bucket);
  return buckets;
}

}  // namespace

events::BucketTask StatementTask(const StatementStore& statements, const StatementCloser& closer, const Clock& clock) {
  return {.name = "statements",
          .interval = absl::Minutes(10),
          .run = [&](int bucket,
                     absl::Time deadline) { return CloseBucket(statements, closer, bucket, clock.Now(), deadline); },
          .due = [&clock](absl::Time) { return BucketsDue(DateOf(clock.Now())); }};
}

}  // namespace countersign::billing
