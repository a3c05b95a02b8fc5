#include "common/events/head_export.h"

#include <array>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/log.h"
#include "common/base/metrics.h"
#include "common/base/status_macros.h"
#include "common/events/change.h"
#include "common/events/event_log.h"

namespace countersign::events {
namespace {

LogFields FieldsOf(int bucket, const LogHead& head) {
  return {{"bucket", absl::StrCat(bucket)},
          {"position", absl::StrCat(head.position)},
          {"seal", absl::Base64Escape(head.seal)}};
}

metrics::Counter& HeadErrors() {
  static metrics::Counter& errors = metrics::MakeCounter(
      "countersign_audit_head_errors_total", "How often a head that was logged was found to be gone from the log.");
  return errors;
}

// `logged` is the head that was logged last. It becomes the one that is there now only if that follows on it: what was
// put in its place is an error for as long as it stands there.
absl::Status Export(mysql::Database& database, absl::Time deadline, int bucket, LogHead& logged) {
  HeadAndSeal now;
  RETURN_IF_ERROR(database.Read(deadline, [&](mysql::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(now, ReadHeadAndSeal(reader, bucket, logged.position));
    return absl::OkStatus();
  }));
  if (logged.position > 0 && now.seal != logged.seal) {
    HeadErrors().Increment();
    Log(Level::kError, "the audit log was cut off or replaced", FieldsOf(bucket, logged));
    return absl::OkStatus();
  }
  if (now.head.position == logged.position) return absl::OkStatus();
  Log(Level::kInfo, "audit head", FieldsOf(bucket, now.head));
  logged = std::move(now.head);
  return absl::OkStatus();
}

}  // namespace

BucketTask HeadExport(mysql::Database& database, absl::Duration interval) {
  HeadErrors();  // There from the start, at 0.
  // Each is touched only by the thread that works on its bucket.
  const auto logged = std::make_shared<std::array<LogHead, kBuckets>>();
  return BucketTask{
      .name = "audit head export",
      .interval = interval,
      .run = [&database, logged](int bucket,
                                 absl::Time deadline) { return Export(database, deadline, bucket, (*logged)[bucket]); },
      .by_business_clock = false};
}

}  // namespace countersign::events
