// How a new version of anything that has versions is published.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_API_VERSION_ACT_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_API_VERSION_ACT_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/events/committer.h"
#include "common/mysql/table.h"
#include "common/rpc/call.h"

namespace countersign::billing {

// Commits the row of a new version with its event, which EventOf(version) is the payload of, and the reply that shows
// it. Nothing for a call that only validates.
template <typename Version, typename Reply>
absl::Status CommitVersion(const rpc::Call& call, events::Committer& committer, const Version& version,
                           absl::string_view event_type, mysql::RowWrite row, const Reply& reply) {
  if (call.validate_only()) return absl::OkStatus();
  const events::Event created = call.MakeEvent({.aggregate = version.id,
                                                .version = version.version,
                                                .type = event_type,
                                                .payload = EventOf(version),
                                                .resource = reply});
  return committer.Commit(call.deadline(),
                          call.ChangeOf({.rows = {std::move(row)}, .events = {created}, .reply = reply}));
}

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_API_VERSION_ACT_H_
