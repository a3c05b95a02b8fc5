// The fixture of the committer's tests: changes of a row, an event and a reply, and a way to commit several in one
// batch.
#ifndef COUNTERSIGN_COMMON_EVENTS_COMMITTER_FIXTURE_H_
#define COUNTERSIGN_COMMON_EVENTS_COMMITTER_FIXTURE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/events/change.h"
#include "common/events/committer.h"
#include "common/events/log_fixture.h"
#include "common/mysql/table.h"
#include "common/testing/status_matchers.h"

namespace countersign::events {

// The table of the row that each change puts, besides its event and reply.
inline constexpr mysql::Table kOwners = {.name = "lease_owners", .key = "owner", .changing = "seen_until"};

class CommitterTest : public LogTest {
 protected:
  // A change of one aggregate with its reply and a row of its own.
  static Change ChangeOf(const std::string& name, int64_t version = 1, const std::string& request = "") {
    const std::string request_id = request.empty() ? absl::StrCat(name, "/", version) : request;
    Change change{.events = {MakeEvent(tenant_, Id(name), version)},
                  .reply = StoredReply{.key = {.tenant = tenant_,
                                               .caller = "operators/test",
                                               .method = "test.v1.Things/ChangeThing",
                                               .request_id = request_id,
                                               .request_hash = std::string(32, 'h')},
                                       .reply = absl::StrCat(name, " version ", version),
                                       .create_time = absl::FromUnixSeconds(1243814400)}};
    change.rows = {mysql::Put(kOwners, {name, absl::FromUnixSeconds(1243814400 + version)})};
    return change;
  }

  // Commits all at once, while the transaction of another change is held up, so that they gather. Their answers in
  // order.
  static std::vector<absl::Status> Together(
      Committer& committer, const std::vector<Change>& changes, const std::function<void()>& before_any_commits = [] {},
      const std::string& name_of_first = "the first") {
    absl::Notification held_up;
    absl::Notification go;
    Change first = ChangeOf(name_of_first);
    first.also = [&](mysql::Connection&) {
      if (!held_up.HasBeenNotified()) held_up.Notify();  // It may be run again.
      go.WaitForNotification();
      return absl::OkStatus();
    };
    std::thread leader([&] { EXPECT_OK(committer.Commit(Deadline(), first)); });
    held_up.WaitForNotification();
    std::vector<absl::Status> answers(changes.size());
    std::vector<std::thread> threads;
    // One by one, so that the order in the queue is known.
    for (size_t i = 0; i < changes.size(); ++i) {
      threads.emplace_back([&, i] { answers[i] = committer.Commit(Deadline(), changes[i]); });
      while (committer.waiting() <= i) std::this_thread::yield();
    }
    before_any_commits();
    go.Notify();
    for (std::thread& thread : threads) thread.join();
    leader.join();
    return answers;
  }

  static int64_t CountOf(absl::string_view sql) { return schema().Query(sql)[0].Int(0); }

  static inline const Uuid tenant_ = Id("tenant");
};

}  // namespace countersign::events

#endif  // COUNTERSIGN_COMMON_EVENTS_COMMITTER_FIXTURE_H_
