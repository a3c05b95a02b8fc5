// A lease that lapses and is renewed, in every order with the work that it is for. Time stands still but for what a
// test moves it, and every step is the test's own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/events/cursor.h"
#include "common/events/event_log.h"
#include "common/events/lease.h"
#include "common/events/log_fixture.h"
#include "common/events/relay.h"

namespace countersign::events {
namespace {

using ::testing::IsEmpty;

constexpr absl::Duration kLease = absl::Seconds(10);

class RelayLapseTest : public LogTest {
 protected:
  std::unique_ptr<Relay> NewRelay(absl::Duration cursor_lag, std::vector<BucketTask> tasks = {}) {
    RelayOptions options;
    options.committer = &committer();
    options.owner = "a";
    options.threads = 0;
    options.helpers = 0;
    options.lease = kLease;
    options.cursor_lag = cursor_lag;
    options.now = [this] { return now_; };
    const Consumer consumer{.name = "billing", .deliver = [this](const Event& event, absl::Time) {
                              if (during_delivery_) std::exchange(during_delivery_, nullptr)();
                              delivered_ = std::max(delivered_, event.version);
                              return absl::OkStatus();
                            }};
    auto relay = MakeRelay(db(), options, {consumer}, std::move(tasks));
    relay->Start();
    Do(*relay, Relay::Step::kRenew);
    // Another replica has all other buckets: 64 of them would take 64 times as long.
    schema().Execute("UPDATE leases SET owner = 'b', lease_until = '2100-01-01' WHERE bucket <> ?", {bucket_});
    schema().Execute("INSERT INTO lease_owners (owner, seen_until) VALUES ('b', '2100-01-01')");
    Do(*relay, Relay::Step::kRenew);
    return relay;
  }

  static void Do(Relay& relay, Relay::Step step) { ASSERT_OK(relay.Do(step, Deadline())); }
  void Lapse() { now_ += kLease; }
  void CommitNext() { ASSERT_OK(CommitEvents({MakeEvent(tenant_, aggregate_, ++committed_)})); }

  // L: the lease lapses. R: it is renewed. C: an event is committed. W: the workers work on what is due.
  void Perform(Relay& relay, char act) {
    switch (act) {
      case 'L':
        Lapse();
        break;
      case 'R':
        Do(relay, Relay::Step::kRenew);
        break;
      case 'C':
        CommitNext();
        break;
      default:
        Do(relay, Relay::Step::kWork);
    }
  }

  // What any of them comes to once the lease is renewed and pauses have ended; no poll helps.
  void Settle(Relay& relay) {
    for (int i = 0; i < 3; ++i) {
      Do(relay, Relay::Step::kRenew);
      Do(relay, Relay::Step::kWork);
      now_ += absl::Seconds(2);  // Less than the lease, more than any pause.
    }
  }

  static std::vector<std::string> AllOrders(int length) {
    std::vector<std::string> orders = {""};
    for (int i = 0; i < length; ++i) {
      std::vector<std::string> longer;
      for (const std::string& order : orders) {
        for (const char act : {'L', 'R', 'C', 'W'}) longer.push_back(order + act);
      }
      orders = std::move(longer);
    }
    return orders;
  }

  const Uuid tenant_ = Id("tenant");
  const Uuid aggregate_ = Id("aggregate");
  const int bucket_ = BucketOf(tenant_);
  absl::Duration now_ = absl::Hours(1);
  int64_t committed_ = 0;
  int64_t delivered_ = 0;
  std::function<void()> during_delivery_;
};

// However long the pauses of the others have become: no bucket waits on when another has seen the receiver answer.
TEST_F(RelayLapseTest, TheFirstAnswerAfterAnOutageEndsThePausesOfAllBuckets) {
  bool down = true;
  int delivered = 0;
  const auto receive = [&](const Event&, absl::Time) {
    delivered += down ? 0 : 1;
    return down ? absl::UnavailableError("down") : absl::OkStatus();
  };
  const auto relay = MakeRelay(
      db(), {.committer = &committer(), .owner = "a", .threads = 0, .helpers = 0, .now = [this] { return now_; }},
      {{.name = "billing", .deliver = receive}}, {});
  relay->Start();
  Do(*relay, Relay::Step::kRenew);
  const auto commit_and_work = [&](const std::string& tenant) {
    ASSERT_OK(CommitEvents({MakeEvent(Id(tenant), aggregate_, 1)}));
    Do(*relay, Relay::Step::kWork);
  };
  std::vector<std::string> tenants;  // Each of a bucket of its own.
  for (int i = 0; tenants.size() < 3; ++i) {
    const std::string name = absl::StrCat("tenant ", i);
    const auto shares = [&](const std::string& other) { return BucketOf(Id(other)) == BucketOf(Id(name)); };
    if (std::none_of(tenants.begin(), tenants.end(), shares)) tenants.push_back(name);
  }
  commit_and_work(tenants[0]);
  commit_and_work(tenants[1]);
  for (int attempt = 2; attempt <= 4; ++attempt) {
    now_ += absl::Milliseconds(450);
    Do(*relay, Relay::Step::kWork);
  }
  commit_and_work(tenants[2]);
  now_ += absl::Milliseconds(150);
  Do(*relay, Relay::Step::kWork);
  down = false;
  now_ += absl::Milliseconds(250);  // The others have 0.4 s still to wait.
  Do(*relay, Relay::Step::kWork);
  EXPECT_EQ(delivered, 3);
}

TEST_F(RelayLapseTest, NoOrderOfLapseRenewalCommitAndWorkStopsADelivery) {
  for (const absl::Duration cursor_lag : {absl::ZeroDuration(), absl::Hours(1)}) {
    schema().Clear();
    committed_ = delivered_ = 0;
    const auto relay = NewRelay(cursor_lag);
    Settle(*relay);
    for (const std::string& order : AllOrders(4)) {
      for (const char act : order) Perform(*relay, act);
      Settle(*relay);
      ASSERT_EQ(delivered_, committed_) << order;
    }
    relay->Stop();
  }
}

TEST_F(RelayLapseTest, NothingThatHappensDuringADeliveryStopsTheNext) {
  const auto relay = NewRelay(absl::ZeroDuration());
  Settle(*relay);
  for (const std::string& order : AllOrders(3)) {
    during_delivery_ = [&] {
      for (const char act : order) {
        if (act != 'W') Perform(*relay, act);
      }
    };
    CommitNext();
    Perform(*relay, 'W');
    CommitNext();
    Settle(*relay);
    ASSERT_EQ(delivered_, committed_) << order;
  }
  relay->Stop();
}

// Whatever the cause: this one writes into the log behind the relay's back.
TEST_F(RelayLapseTest, ThePollFindsACursorBehindItsLogThatNobodyWasWokenFor) {
  const auto relay = NewRelay(absl::ZeroDuration());
  CommitNext();
  Settle(*relay);
  ASSERT_EQ(delivered_, 1);
  InsertSealed(tenant_, Id("another aggregate"), 7, /*after=*/1);
  Do(*relay, Relay::Step::kWork);
  ASSERT_EQ(delivered_, 1);
  for (int i = 0; i < 2; ++i) {
    Do(*relay, Relay::Step::kPoll);
    Do(*relay, Relay::Step::kWork);
  }
  EXPECT_EQ(delivered_, 7);
  relay->Stop();
}

TEST_F(RelayLapseTest, LookingForCursorsBehindReadsFewRowsOfALongLog) {
  const auto relay = NewRelay(absl::ZeroDuration());
  Do(*relay, Relay::Step::kRenew);
  InsertSealed(tenant_, aggregate_, 20'000);
  const auto connection = schema().Connect();
  const int64_t before = RowsReadFor(*connection);
  const auto behind = FindBehind(*connection, "a");
  EXPECT_LT(RowsReadFor(*connection) - before, 1'000);
  ASSERT_OK(behind.status());
  ASSERT_EQ(behind->size(), 1);
  EXPECT_EQ(behind->front().bucket, BucketOf(tenant_));
  EXPECT_EQ(behind->front().consumer, "billing");
  EXPECT_THAT(FindBehind(*connection, "b").value(), IsEmpty());
  relay->Stop();
}

TEST_F(RelayLapseTest, ATaskGoesOnAfterALapse) {
  int turns = 0;
  const BucketTask task{.name = "count", .interval = absl::Seconds(5), .run = [&](int bucket, absl::Time) {
                          turns += bucket == bucket_ ? 1 : 0;
                          return absl::OkStatus();
                        }};
  const auto relay = NewRelay(absl::ZeroDuration(), {task});
  for (const char act : {'R', 'W', 'L', 'W', 'R', 'W'}) Perform(*relay, act);
  EXPECT_EQ(turns, 2);
  relay->Stop();
}

TEST_F(RelayLapseTest, ATaskThatRunsOnlyWhenDueTakesItsBucketOnceAndThenWhatIsDueOnceAnInterval) {
  int turns = 0;
  int asked = 0;
  bool is_due = false;
  const BucketTask task{.name = "count",
                        .interval = absl::Seconds(5),
                        .run =
                            [&](int bucket, absl::Time) {
                              turns += bucket == bucket_ ? 1 : 0;
                              return absl::OkStatus();
                            },
                        .due = [&](absl::Time) -> absl::StatusOr<std::vector<int>> {
                          ++asked;
                          return is_due ? std::vector<int>{bucket_} : std::vector<int>{};
                        },
                        .runs_only_when_due = true};
  const auto relay = NewRelay(absl::ZeroDuration(), {task});
  const auto poll = [&] {
    Do(*relay, Relay::Step::kPoll);
    Do(*relay, Relay::Step::kWork);
  };
  Do(*relay, Relay::Step::kWork);
  EXPECT_EQ(turns, 1) << "the turn of a bucket that was just taken";
  poll();
  EXPECT_EQ(asked, 1);
  is_due = true;
  poll();
  EXPECT_EQ(asked, 1) << "the interval is not over";
  EXPECT_EQ(turns, 1);
  now_ += task.interval;
  poll();
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(turns, 2);
  relay->Stop();
}

}  // namespace
}  // namespace countersign::events
