#include "common/mysql/head_export.h"

#include <array>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/mysql/change.h"
#include "common/mysql/event_log.h"

namespace countersign::mysql {
namespace {

LogFields FieldsOf(int bucket, const LogHead& head) {
  return {{"bucket", absl::StrCat(bucket)},
          {"position", absl::StrCat(head.position)},
          {"seal", absl::Base64Escape(head.seal)}};
}

bool IsBehind(const LogHead& head, const LogHead& logged) {
  return head.position < logged.position || (head.position == logged.position && head.seal != logged.seal);
}

// `logged` is the head that was logged last, and becomes the one that is there now.
absl::Status Export(Database& database, absl::Time deadline, int bucket, LogHead& logged) {
  LogHead head;
  RETURN_IF_ERROR(database.Read(deadline, [&](Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(head, ReadHead(connection, bucket));
    return absl::OkStatus();
  }));
  if (IsBehind(head, logged)) Log(Level::kError, "the audit log was cut off or replaced", FieldsOf(bucket, logged));
  if (head.position > 0 && head.seal != logged.seal) Log(Level::kInfo, "audit head", FieldsOf(bucket, head));
  logged = head;
  return absl::OkStatus();
}

}  // namespace

BucketTask HeadExport(Database& database, absl::Duration interval) {
  // Each is touched only by the thread that works on its bucket.
  const auto logged = std::make_shared<std::array<LogHead, kBuckets>>();
  return BucketTask{
      .name = "audit head export", .interval = interval, .run = [&database, logged](int bucket, absl::Time deadline) {
        return Export(database, deadline, bucket, (*logged)[bucket]);
      }};
}

}  // namespace countersign::mysql
