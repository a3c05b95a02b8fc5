#include "common/service/clock_service.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/events/log_fixture.h"
#include "common/rpc/convert.h"
#include "common/rpc/status.h"
#include "common/testing/in_process_server.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::service {
namespace {

using ::countersign::testing::HasReason;
using ::countersign::testing::SetCaller;
using ::countersign::testing::StatusIs;
using ::testing::ElementsAre;

absl::Time At(int day, int hour) { return absl::FromCivil(absl::CivilHour(2009, 6, day, hour), absl::UTCTimeZone()); }

// A service with one task, which each day has three things to do and does one of them a turn, and a consumer of them.
class ClockServiceTest : public events::LogTest {
 protected:
  void SetUp() override {
    LogTest::SetUp();
    relay_->Start();
  }
  void TearDown() override { relay_->Stop(); }

  absl::Status DoOne(int bucket) {
    if (bucket != events::BucketOf(tenant_)) return absl::OkStatus();
    const absl::MutexLock lock(&mutex_);
    if (fails_) return absl::UnavailableError("not just now");
    const absl::CivilDay today = absl::ToCivilDay(clock_.Now(), absl::UTCTimeZone());
    if (days_.empty() || days_.back() != today.day()) {
      days_.push_back(today.day());
      left_ = 3;
    }
    if (left_ == 0) return absl::OkStatus();
    --left_;
    return CommitEvents({MakeEvent(tenant_, aggregate_, ++version_)});
  }

  absl::Status Advance(absl::Time to, const std::string& request_id = Uuid::V7(absl::Now()).ToString()) {
    grpc::ClientContext context;
    SetCaller(context, "operators/anna");
    clock::v1::AdvanceTimeRequest request;
    *request.mutable_time() = rpc::ToProto(to);
    request.set_request_id(request_id);
    clock::v1::AdvanceTimeResponse reply;
    RETURN_IF_ERROR(rpc::FromGrpc(stub_->AdvanceTime(&context, request, &reply)));
    EXPECT_EQ(*rpc::FromProto(reply.time()), to);
    return absl::OkStatus();
  }

  void SetFails(bool fails) {
    const absl::MutexLock lock(&mutex_);
    fails_ = fails;
  }
  std::vector<int> Days() {
    const absl::MutexLock lock(&mutex_);
    return days_;
  }

  // Returns when the relay has its buckets.
  void AwaitLeases() {
    while (!relay_->DoWhatIsDue(Deadline()).ok()) absl::SleepFor(absl::Milliseconds(1));
  }

  const Uuid tenant_ = Id("tenant");
  const Uuid aggregate_ = Id("aggregate");
  absl::Mutex mutex_;
  std::vector<int> days_ ABSL_GUARDED_BY(mutex_);
  int left_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t version_ ABSL_GUARDED_BY(mutex_) = 0;
  bool fails_ ABSL_GUARDED_BY(mutex_) = false;
  SandboxClock clock_{At(1, 9) - absl::Now()};
  events::Receiver receiver_;
  const std::unique_ptr<events::Relay> relay_ =
      events::MakeRelay(db(), {.committer = &committer(), .owner = "test"}, {receiver_.AsConsumer("receiver")},
                        {{.name = "three a day", .interval = absl::Hours(1), .run = [this](int bucket, absl::Time) {
                            return DoOne(bucket);
                          }}});
  const KeyRing keys_ = *KeyRing::Parse("test:" + std::string(64, '7'));
  const rpc::Endpoint endpoint_{{.service = "note-service", .database = &db(), .clock = &clock_, .reply_keys = &keys_}};
  ClockService handlers_{endpoint_, db(), committer(), *relay_, clock_};
  testing::InProcessServer server_{{&handlers_}};
  const std::unique_ptr<clock::v1::ClockService::Stub> stub_ = clock::v1::ClockService::NewStub(server_.channel());
};

TEST_F(ClockServiceTest, AnswersWhenEverythingDueOnTheWayWasDoneAndDelivered) {
  AwaitLeases();
  ASSERT_OK(Advance(At(4, 9)));
  EXPECT_GE(clock_.Now(), At(4, 9));
  EXPECT_THAT(Days(), ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(receiver_.VersionsOf(aggregate_).size(), 12u);
}

TEST_F(ClockServiceTest, NeverGoesBack) {
  AwaitLeases();
  ASSERT_OK(Advance(At(3, 9)));
  EXPECT_THAT(Advance(At(2, 9)), HasReason("CLOCK_NEVER_GOES_BACK"));
  EXPECT_GE(clock_.Now(), At(3, 9));
  EXPECT_THAT(Advance(At(1, 0) + absl::Hours(24 * 5000)), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(ClockServiceTest, AnswersTheSameRequestOnce) {
  AwaitLeases();
  const std::string id = Uuid::V7(absl::Now()).ToString();
  ASSERT_OK(Advance(At(2, 9), id));
  ASSERT_OK(Advance(At(3, 9)));
  EXPECT_OK(Advance(At(2, 9), id));
}

TEST_F(ClockServiceTest, KeepsItsReplyFromTheDayThatItReached) {
  AwaitLeases();
  const std::string request = Uuid::V7(absl::Now()).ToString();
  ASSERT_OK(Advance(At(4, 9), request));
  const std::vector<mysql::Row> replies =
      schema().Query("SELECT create_time FROM stored_replies WHERE request_id = ?", {request});
  ASSERT_EQ(replies.size(), 1u);
  EXPECT_GE(replies[0].Time(0), At(4, 9)) << "an advance by more than a month would be forgotten at once";
}

TEST_F(ClockServiceTest, GoesOnFromTheDayOnWhichSomethingFailed) {
  AwaitLeases();
  ASSERT_OK(Advance(At(2, 9)));
  SetFails(true);
  EXPECT_THAT(Advance(At(2, 10)), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_LT(clock_.Now(), At(3, 0));
  SetFails(false);
  ASSERT_OK(Advance(At(4, 9)));
  EXPECT_THAT(Days(), ElementsAre(1, 2, 3, 4));
}

TEST_F(ClockServiceTest, IsWhereItWasWhenTheServiceStartsAgain) {
  AwaitLeases();
  ASSERT_OK(Advance(At(3, 9)));
  SandboxClock restarted(At(1, 9) - absl::Now());
  ASSERT_OK(RestoreClock(db(), Deadline(), restarted));
  EXPECT_GE(restarted.Now(), At(3, 9));
}

}  // namespace
}  // namespace countersign::service
