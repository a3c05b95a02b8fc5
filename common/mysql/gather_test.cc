#include "common/mysql/gather.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/testing/status_matchers.h"

namespace countersign::mysql {
namespace {

using ::testing::ElementsAre;

const KeyedSelect kSelect = {.select = "SELECT owner, id, text FROM notes", .key = "owner, id"};

// A table in memory. It can hold up the first statement, so that the next callers gather, and fail statements.
class Notes {
 public:
  std::map<std::pair<std::string, std::string>, std::string> rows = {{{"1", "a"}, "one"}, {{"1", "b"}, "two"}};
  std::vector<size_t> keys_asked;  // By each statement.
  absl::Notification* held_up = nullptr;
  absl::Notification* go = nullptr;
  bool fail_several = false;  // Statements for several keys.

  absl::StatusOr<std::vector<Row>> Read(const std::vector<Parameter>& parameters) {
    const std::vector<std::string> keys = TextsOf(parameters);
    std::vector<Row> found;
    {
      absl::MutexLock lock(&mutex_);
      keys_asked.push_back(keys.size() / 2);
      for (size_t i = 0; i < keys.size(); i += 2) {
        const auto row = rows.find({keys[i], keys[i + 1]});
        if (row != rows.end()) found.push_back(Row({row->first.first, row->first.second, row->second}));
      }
    }
    if (held_up != nullptr && !held_up->HasBeenNotified()) {
      held_up->Notify();
      go->WaitForNotification();
    }
    if (fail_several && keys.size() > 2) return absl::UnavailableError("the connection was lost");
    return found;
  }

 private:
  absl::Mutex mutex_;
};

class GatherTest : public ::testing::Test {
 protected:
  std::string Text(const std::vector<Parameter>& key, absl::Time deadline = absl::InfiniteFuture()) {
    const absl::StatusOr<std::vector<Row>> rows = gatherer_.Read(deadline, kSelect, key);
    if (!rows.ok()) return rows.status().ToString();
    return rows->empty() ? "none" : rows->front().Bytes(2);
  }

  // Asks for all keys while a first statement is held up.
  std::vector<std::string> Together(const std::vector<std::vector<Parameter>>& keys) {
    absl::Notification held_up;
    absl::Notification go;
    notes_.held_up = &held_up;
    notes_.go = &go;
    std::thread first([&] { Text({9, "first"}); });
    held_up.WaitForNotification();
    std::vector<std::string> answers(keys.size());
    std::vector<std::thread> threads;
    for (size_t i = 0; i < keys.size(); ++i) {
      threads.emplace_back([&, i] { answers[i] = Text(keys[i]); });
    }
    while (gatherer_.waiting(kSelect) < keys.size()) std::this_thread::yield();
    go.Notify();
    first.join();
    for (std::thread& thread : threads) thread.join();
    return answers;
  }

  Notes notes_;
  Gatherer gatherer_{[this](absl::Time, const std::string&, const std::vector<Parameter>& parameters) {
    return notes_.Read(parameters);
  }};
};

TEST_F(GatherTest, ALoneCallerReadsItsKeyAtOnce) {
  EXPECT_EQ(Text({1, "a"}), "one");
  EXPECT_EQ(Text({2, "a"}), "none");
  EXPECT_THAT(notes_.keys_asked, ElementsAre(1, 1));
}

TEST_F(GatherTest, WhoComesWhileAStatementIsUnderWaySharesTheNext) {
  EXPECT_THAT(Together({{1, "a"}, {1, "b"}, {2, "b"}, {1, "a"}}), ElementsAre("one", "two", "none", "one"));
  EXPECT_THAT(notes_.keys_asked, ElementsAre(1, 4));
}

TEST_F(GatherTest, ThreeKeysAskForFour) {  // Few different statements stay prepared.
  EXPECT_THAT(Together({{1, "a"}, {1, "b"}, {2, "b"}}), ElementsAre("one", "two", "none"));
  EXPECT_THAT(notes_.keys_asked, ElementsAre(1, 4));
}

TEST_F(GatherTest, EachGetsAllItsRowsAsOfTheMomentOfTheLast) {
  absl::Notification held_up;
  absl::Notification go;
  std::vector<std::vector<std::string>> asked;
  const KeyedSelect by_owner = {.select = "SELECT owner, text FROM notes AS OF ?", .key = "owner"};
  Gatherer gatherer([&](absl::Time, const std::string&, const std::vector<Parameter>& parameters) {
    asked.push_back(TextsOf(parameters));
    if (asked.size() == 1) {
      held_up.Notify();
      go.WaitForNotification();
    }
    return std::vector<Row>{Row({"1", "one"}), Row({"2", "two"}), Row({"1", "another"})};
  });
  std::thread first([&] { EXPECT_OK(gatherer.Read(absl::InfiniteFuture(), by_owner, {9}, {"at nine"})); });
  held_up.WaitForNotification();
  std::vector<size_t> rows(2);
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&, i] {
      const auto found = gatherer.Read(absl::InfiniteFuture(), by_owner, {i + 1}, {absl::StrCat("at ", i)});
      EXPECT_OK(found);
      if (found.ok()) rows[i] = found->size();
    });
    while (gatherer.waiting(by_owner) <= static_cast<size_t>(i)) std::this_thread::yield();
  }
  go.Notify();
  first.join();
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(rows, ElementsAre(2, 1));
  EXPECT_THAT(asked, ElementsAre(ElementsAre("at nine", "9"), ElementsAre("at 1", "1", "2")));
}

TEST_F(GatherTest, WhenTheSharedStatementFailsEachReadsAlone) {
  notes_.fail_several = true;
  const std::vector<std::string> answers = Together({{1, "a"}, {1, "b"}});
  // The one who read for both has the error of its own statement; the other was not asked about that.
  EXPECT_EQ(std::count(answers.begin(), answers.end(), "UNAVAILABLE: the connection was lost"), 0) << answers[0];
  EXPECT_THAT(answers, ElementsAre("one", "two"));
}

TEST_F(GatherTest, ACallerLeavesAtItsDeadlineAndHoldsUpNobody) {
  absl::Notification held_up;
  absl::Notification go;
  notes_.held_up = &held_up;
  notes_.go = &go;
  std::thread first([&] { EXPECT_EQ(Text({1, "a"}), "one"); });
  held_up.WaitForNotification();
  EXPECT_THAT(Text({1, "b"}, absl::Now() + absl::Milliseconds(1)), ::testing::HasSubstr("DEADLINE_EXCEEDED"));
  go.Notify();
  first.join();
  EXPECT_EQ(Text({1, "b"}), "two");
}

TEST_F(GatherTest, TheStatementNamesEveryKeyAndEndsWithItsRest) {
  EXPECT_EQ(StatementFor(kSelect, 1), "SELECT owner, id, text FROM notes WHERE (owner = ? AND id = ?)");
  KeyedSelect locking = kSelect;
  locking.rest = "LOCK IN SHARE MODE";
  EXPECT_EQ(
      StatementFor(locking, 2),
      "SELECT owner, id, text FROM notes WHERE (owner = ? AND id = ?) OR (owner = ? AND id = ?) LOCK IN SHARE MODE");
}

}  // namespace
}  // namespace countersign::mysql
