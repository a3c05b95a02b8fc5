// Three replicas of each service on one schema, which commit at the same time: every story ends well, and whoever
// watches a log at one replica is given the same as who watches it at another, without a gap.
#include <cstddef>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/base/status_macros.h"
#include "common/testing/test_certificates.h"
#include "countersign/event/v1/event.pb.h"
#include "countersign/event/v1/event_service.grpc.pb.h"
#include "countersign/event/v1/event_service.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "gtest/gtest.h"
#include "integration-tests/proof.h"
#include "integration-tests/story.h"
#include "integration-tests/suite.h"

namespace countersign::integration {
namespace {

constexpr int kReplicas = 3;
constexpr int kStories = 8;

// Everybody's events, of a tenant in the order in which they came: "aggregate/version".
using Feed = std::map<std::string, std::vector<std::string>>;

// Watches order-service's log over a connection of its own, until it is told to end.
class Watcher {
 public:
  explicit Watcher(std::shared_ptr<grpc::Channel> channel) : stub_(event::v1::EventService::NewStub(channel)) {
    thread_ = std::thread([this] {
      event::v1::WatchEventsRequest request;
      request.set_parent("-");
      const auto reader = stub_->WatchEvents(&context_, request);
      event::v1::Event event;
      while (reader->Read(&event)) Take(event);
    });
  }
  ~Watcher() { Stop(); }
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  void Stop() {
    context_.TryCancel();
    if (thread_.joinable()) thread_.join();
  }

  size_t count() {
    const absl::MutexLock lock(&mutex_);
    return count_;
  }
  // After Stop.
  const Feed& feed() const { return feed_; }

 private:
  void Take(const event::v1::Event& event) {
    const absl::MutexLock lock(&mutex_);
    feed_[event.tenant()].push_back(absl::StrCat(event.aggregate(), "/", event.version()));
    ++count_;
  }

  const std::unique_ptr<event::v1::EventService::Stub> stub_;
  grpc::ClientContext context_;
  absl::Mutex mutex_;
  size_t count_ ABSL_GUARDED_BY(mutex_) = 0;
  Feed feed_;
  std::thread thread_;
};

class ReplicasTest : public SuiteTest {
 protected:
  // Few sessions each, for a server may let in 151 of them all.
  static void SetUpTestSuite() {
    StartSuite({.replicas = kReplicas, .pool_size = 5, .proxies = true, .database_proxies = false});
  }

  static size_t EventsInTheLog() {
    auto session = suite().Database(Service::kOrder);
    if (!session.ok()) return 0;
    const auto row = (*session)->QueryOne("SELECT COUNT(*) FROM events", {});
    return row.ok() && row->has_value() ? static_cast<size_t>((*row)->Int(0)) : 0;
  }
};

TEST_F(ReplicasTest, WhoWatchesAtOneReplicaSeesWhatTheOthersCommitInTheSameOrderWithoutAGap) {
  std::vector<std::unique_ptr<Watcher>> watchers;
  for (int i = 0; i < kReplicas; ++i) {  // Each connection goes to the next replica.
    watchers.push_back(std::make_unique<Watcher>(
        suite().channel(Service::kOrder, suite().authority().Issue(testing::CallerSpec("operator/watcher")),
                        suite().authority().pem())));
  }
  std::vector<std::future<absl::Status>> users;
  for (int i = 0; i < kStories; ++i) {
    users.push_back(std::async(std::launch::async, []() -> absl::Status {
      Story story(suite());
      for (const Story::Step& step : Story::Steps()) {
        RETURN_IF_ERROR(Eventually(step.name, [&] { return (story.*step.act)().ok(); }));
      }
      return absl::OkStatus();
    }));
  }
  for (auto& user : users) {
    const absl::Status done = user.get();
    EXPECT_TRUE(done.ok()) << done;
  }
  ProveInvariants();
  const size_t expected = EventsInTheLog();
  for (const auto& watcher : watchers) {
    const absl::Status all = Eventually("a watcher has everything", [&] { return watcher->count() >= expected; });
    EXPECT_TRUE(all.ok()) << all;
    watcher->Stop();
    EXPECT_EQ(watcher->count(), expected);
    EXPECT_EQ(watcher->feed(), watchers[0]->feed());
  }
  // Of each aggregate the versions 1, 2, 3 …
  for (const auto& [tenant, events] : watchers[0]->feed()) {
    std::map<std::string, int> last;
    for (const std::string& event : events) {
      const std::string aggregate = event.substr(0, event.find('/'));
      EXPECT_EQ(event, absl::StrCat(aggregate, "/", ++last[aggregate])) << tenant;
    }
  }
}

}  // namespace
}  // namespace countersign::integration
