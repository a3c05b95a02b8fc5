#include "common/events/log_stats.h"

#include "common/events/log_fixture.h"
#include "common/events/relay.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::events {
namespace {

class LogStatsTest : public LogTest {
 protected:
  static LogStats Stats() {
    const auto connection = schema().Connect();
    const auto stats = ReadLogStats(*connection);
    EXPECT_OK(stats.status());
    return stats.value_or(LogStats());
  }

  static RelayOptions Options() {
    RelayOptions options;
    options.owner = "test";
    options.poll = absl::Milliseconds(20);
    options.cursor_lag = absl::ZeroDuration();
    return options;
  }
};

TEST_F(LogStatsTest, CountsWhatIsUnsealedUntilItIsSealed) {
  EXPECT_EQ(Stats().unsealed, 0);
  CommitVersions(Id("tenant"), Id("thing"), 3);
  EXPECT_EQ(Stats().unsealed, 3);
  ASSERT_OK(MakeRelay(db(), Options(), {}, {})->Drain(Deadline()));
  EXPECT_EQ(Stats().unsealed, 0);
}

TEST_F(LogStatsTest, TellsTheOldestEventThatAConsumerHasNot) {
  Receiver receiver;
  const auto relay = MakeRelay(db(), Options(), {receiver.AsConsumer("billing")}, {});
  CommitVersions(Id("tenant"), Id("thing"), 1);
  ASSERT_OK(relay->Drain(Deadline()));
  EXPECT_EQ(Stats().consumers["billing"].oldest_undelivered, absl::InfiniteFuture());

  CommitVersions(Id("other tenant"), Id("other"), 2);
  ASSERT_OK(MakeRelay(db(), Options(), {}, {})->Drain(Deadline()));  // Seals and delivers nothing.
  EXPECT_EQ(Stats().consumers["billing"].oldest_undelivered, MakeEvent(Id("x"), Id("y"), 1).create_time);
}

TEST_F(LogStatsTest, CountsWhatIsParkedAndWhatWaitsApart) {
  Receiver receiver;
  receiver.Answer(Id("poison"), 1, absl::InvalidArgumentError("poison"));
  receiver.Answer(Id("broken"), 1, absl::InternalError("broken"));
  const auto relay = MakeRelay(db(), Options(), {receiver.AsConsumer("billing")}, {});
  for (const char* name : {"poison", "broken", "good"}) CommitVersions(Id("tenant"), Id(name), 1);
  relay->Start();
  ASSERT_TRUE(receiver.WaitFor(1));
  while (Stats().consumers["billing"].parked == 0 || Stats().consumers["billing"].waiting == 0) {
    absl::SleepFor(absl::Milliseconds(5));
  }
  relay->Stop();
  EXPECT_EQ(Stats().consumers["billing"].parked, 1);
  EXPECT_EQ(Stats().consumers["billing"].waiting, 1);
}

}  // namespace
}  // namespace countersign::events
