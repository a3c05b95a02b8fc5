// Commits while messages are lost, batches deadlock, the server refuses rows and callers race.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/events/change.h"
#include "common/events/committer.h"
#include "common/events/committer_fixture.h"
#include "common/mysql/database.h"
#include "common/mysql/proxy_fixture.h"
#include "common/mysql/table.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"

namespace countersign::events {
namespace {

using ::countersign::testing::HasReason;
using ::testing::Each;

class CommitterFaultTest : public CommitterTest {};

// Each message to the server is lost once, and each answer: before, between and after the statements of a batch, and
// the COMMIT's.
TEST_F(CommitterFaultTest, WhateverIsLostOnTheWayToTheServerEachChangeIsCommittedOnce) {
  mysql::LossyProxy proxy;
  const std::unique_ptr<mysql::Database> database = mysql::OpenDatabase(proxy.Through(schema().options()));
  Committer committer(*database);
  int losses = 0;
  for (const auto loses : {mysql::LossyProxy::Loses::kRequest, mysql::LossyProxy::Loses::kAnswer}) {
    for (int number = 1;; ++number) {
      SCOPED_TRACE(absl::StrCat(loses == mysql::LossyProxy::Loses::kAnswer ? "answer " : "request ", number));
      schema().Clear();
      EXPECT_THAT(
          Together(committer, {ChangeOf("a"), ChangeOf("b"), ChangeOf("c")}, [&] { proxy.LoseAt(number, loses); }),
          Each(absl::OkStatus()));
      EXPECT_EQ(CountOf("SELECT COUNT(*) FROM events"), 4);
      EXPECT_EQ(CountOf("SELECT COUNT(*) FROM stored_replies"), 4);
      EXPECT_EQ(CountOf("SELECT COUNT(*) FROM lease_owners"), 4);
      if (!proxy.has_lost()) break;
      ++losses;
    }
  }
  EXPECT_GE(losses, 2 * 6) << "the first's COMMIT; the batch's START TRANSACTION, three tables and COMMIT";
  database->Close();
}

// Two batches of two processes: each has locked a row that the other puts next.
TEST_F(CommitterFaultTest, OfTwoBatchesThatDeadlockEachChangeIsCommittedOnce) {
  Committer one(db());
  const std::unique_ptr<mysql::Database> elsewhere = mysql::OpenDatabase(schema().options());
  Committer other(*elsewhere);
  for (const char* row : {"left", "right"}) ASSERT_OK(one.Commit(Deadline(), ChangeOf(row)));
  absl::Notification left_is_locked;
  absl::Notification right_is_locked;
  std::atomic<int> runs = 0;
  // A change that locks the row `locks` and, when the other's row is locked as well, puts it.
  const auto crossing = [&](const std::string& name, const std::string& locks, absl::Notification& locked,
                            const std::string& puts, absl::Notification& other_locked) {
    Change change = ChangeOf(name);
    change.rows.push_back(mysql::Put(kOwners, {puts, absl::UnixEpoch()}));
    change.also = [&, locks](mysql::Connection& connection) -> absl::Status {
      ++runs;
      RETURN_IF_ERROR(
          connection.QueryOne("SELECT owner FROM lease_owners WHERE owner = ? FOR UPDATE", {locks}).status());
      if (!locked.HasBeenNotified()) locked.Notify();
      other_locked.WaitForNotification();
      return absl::OkStatus();
    };
    return change;
  };
  const std::vector<Change> lefts = {crossing("a", "left", left_is_locked, "right", right_is_locked), ChangeOf("b")};
  const std::vector<Change> rights = {crossing("c", "right", right_is_locked, "left", left_is_locked), ChangeOf("d")};
  std::thread elsewhere_too(
      [&] { EXPECT_THAT(Together(other, rights, [] {}, "the first elsewhere"), Each(absl::OkStatus())); });
  EXPECT_THAT(Together(one, lefts), Each(absl::OkStatus()));
  elsewhere_too.join();
  EXPECT_GE(runs, 3) << "one of the batches was rolled back, and its changes were written again";
  EXPECT_EQ(CountOf("SELECT COUNT(*) FROM events"), 8);
  EXPECT_EQ(CountOf("SELECT COUNT(*) FROM stored_replies"), 8);
  EXPECT_EQ(CountOf("SELECT COUNT(*) FROM lease_owners"), 8);
  EXPECT_EQ(CountOf("SELECT COUNT(*) FROM lease_owners WHERE seen_until = '1970-01-01'"), 2) << "left and right";
}

// While it lives the server refuses rows of a table with an error of its own, in the middle of a transaction.
class RefusingTable {
 public:
  RefusingTable(testing::TestDatabase& schema, absl::string_view table, const std::string& rows, int error)
      : schema_(schema) {
    const absl::Status made = schema.Connect()->Run(
        absl::StrCat("CREATE TRIGGER refusing BEFORE INSERT ON ", table, " FOR EACH ROW IF ", rows,
                     " THEN SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = ", error, ", MESSAGE_TEXT = 'no'; END IF"));
    EXPECT_OK(made);
  }
  ~RefusingTable() { EXPECT_OK(schema_.Connect()->Run("DROP TRIGGER refusing")); }

 private:
  testing::TestDatabase& schema_;
};

struct Refusal {
  int error;
  const char* reason;
};

class CommitterRefusalTest : public CommitterTest, public ::testing::WithParamInterface<Refusal> {
 protected:
  // The tables in the order in which a batch writes them, and how to tell a change's row there.
  struct Place {
    const char* table;
    const char* column;
    std::function<std::string(const std::string& change)> value;
  };
  static std::vector<Place> Places() {
    return {{"events", "aggregate_id",
             [](const std::string& name) { return absl::StrCat("x'", absl::BytesToHexString(Id(name).bytes()), "'"); }},
            {"stored_replies", "request_id", [](const std::string& name) { return absl::StrCat("'", name, "/1'"); }},
            {"lease_owners", "owner", [](const std::string& name) { return absl::StrCat("'", name, "'"); }}};
  }

  static void ExpectWhole(int64_t changes, const char* table) {
    for (const Place& place : Places()) {
      EXPECT_EQ(CountOf(absl::StrCat("SELECT COUNT(*) FROM ", place.table)), changes)
          << place.table << " when " << table << " refused";
    }
  }
};

TEST_P(CommitterRefusalTest, InTheMiddleOfABatchIsEachChangesOwnAndNothingIsHalfWritten) {
  Committer committer(db());
  const std::vector<Change> changes = {ChangeOf("a"), ChangeOf("b"), ChangeOf("c")};
  for (const Place& place : Places()) {
    SCOPED_TRACE(place.table);
    schema().Clear();
    {
      const std::string others = absl::StrCat("NEW.", place.column, " <> ", place.value("the first"));
      const RefusingTable refusing(schema(), place.table, others, GetParam().error);
      EXPECT_THAT(Together(committer, changes), Each(HasReason(GetParam().reason)));
    }
    ExpectWhole(1, place.table);
    schema().Clear();
    {
      const std::string only_b = absl::StrCat("NEW.", place.column, " = ", place.value("b"));
      const RefusingTable refusing(schema(), place.table, only_b, GetParam().error);
      const std::vector<absl::Status> answers = Together(committer, changes);
      EXPECT_OK(answers[0]);
      EXPECT_THAT(answers[1], HasReason(GetParam().reason));
      EXPECT_OK(answers[2]);
    }
    ExpectWhole(3, place.table);
    EXPECT_OK(committer.Commit(Deadline(), changes[1])) << "once the server takes rows again";
    ExpectWhole(4, place.table);
  }
}

INSTANTIATE_TEST_SUITE_P(OfTheServer, CommitterRefusalTest,
                         ::testing::Values(Refusal{1114, "DATABASE_UNAVAILABLE"}, Refusal{1290, "DATABASE_READ_ONLY"}),
                         [](const auto& info) { return absl::StrCat("Error", info.param.error); });

// A change that one of many callers tried to commit.
struct Try {
  std::string thing;
  int64_t version = 0;
  std::string request;    // Some callers use the same.
  std::string slot = {};  // Some want a row that only one can have; empty: none.
  absl::Status answer = absl::OkStatus();
};

// Any interleaving, also of two processes, whose batches deadlock, answers each caller as one by one would: who is
// refused met what another had committed, and of everybody else there is all that was committed, once.
TEST_F(CommitterFaultTest, WhateverTheInterleavingEachVersionHasOneWinnerWithItsRowAndReply) {
  constexpr int kThreads = 12;
  constexpr int kThings = 3;
  constexpr int kChanges = 120;
  Committer one(db());
  const std::unique_ptr<mysql::Database> elsewhere = mysql::OpenDatabase(schema().options());
  Committer other(*elsewhere);
  std::vector<std::vector<Try>> tries(kThreads);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      Committer& committer = thread % 2 == 0 ? one : other;
      std::mt19937 random(thread);
      std::vector<int64_t> next(kThings, 1);  // As this caller believes.
      for (int i = 0; i < kChanges; ++i) {
        // One change, or one of each thing by CommitAll.
        const size_t count = random() % 3 == 0 ? kThings : 1;
        std::vector<Try> now;
        std::vector<Change> changes;
        const size_t first = random() % kThings;
        for (size_t k = 0; k < count; ++k) {
          const size_t thing = (first + k) % kThings;
          Try mine{.thing = absl::StrCat("thing", thing),
                   .version = next[thing],
                   .request = random() % 4 == 0 ? absl::StrCat("shared", random() % 40)
                                                : absl::StrCat(thread, "/", i, "/", k)};
          if (random() % 4 == 0) mine.slot = absl::StrCat("slot", random() % 40);
          changes.push_back(ChangeOf(mine.thing, mine.version, mine.request));
          if (!mine.slot.empty()) {
            changes.back().rows.push_back(mysql::Insert(kOwners, {mine.slot, absl::FromUnixSeconds(mine.version)},
                                                        AlreadyExists("TAKEN", "It is taken.")));
          }
          now.push_back(std::move(mine));
        }
        const std::vector<absl::Status> answers = count == 1 ? std::vector{committer.Commit(Deadline(), changes[0])}
                                                             : committer.CommitAll(Deadline(), changes);
        for (size_t k = 0; k < count; ++k) {
          now[k].answer = answers[k];
          // Whoever was refused for another reason tries this version again, for there may be none yet.
          if (answers[k].ok() || IsLostRace(answers[k])) ++next[(first + k) % kThings];
          tries[thread].push_back(std::move(now[k]));
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  std::map<std::pair<std::string, int64_t>, int> versions;  // Of those that were committed, how many had each.
  std::map<std::string, int> requests;
  std::map<std::string, int> slots;
  std::map<std::string, int64_t> last;
  int64_t committed = 0;
  for (const std::vector<Try>& of_thread : tries) {
    for (const Try& each : of_thread) {
      if (!each.answer.ok()) continue;
      ++committed;
      EXPECT_EQ(++versions[std::pair(each.thing, each.version)], 1) << each.thing << " " << each.version;
      EXPECT_EQ(++requests[each.request], 1) << each.request;
      if (!each.slot.empty()) EXPECT_EQ(++slots[each.slot], 1) << each.slot;
      last[each.thing] = std::max(last[each.thing], each.version);
      const auto reply = schema().Query("SELECT reply FROM stored_replies WHERE request_id = ?", {each.request});
      ASSERT_EQ(reply.size(), 1U) << each.request;
      EXPECT_EQ(reply[0].Bytes(0), absl::StrCat(each.thing, " version ", each.version));
    }
  }
  for (const std::vector<Try>& of_thread : tries) {
    for (const Try& each : of_thread) {
      if (each.answer.ok()) continue;
      const bool lost = IsLostRace(each.answer) && versions.contains(std::pair(each.thing, each.version));
      const bool answered = IsReplyAlreadyStored(each.answer) && requests.contains(each.request);
      const bool taken = absl::IsAlreadyExists(each.answer) && slots.contains(each.slot);
      EXPECT_TRUE(lost || answered || taken) << each.answer;
    }
  }
  EXPECT_EQ(CountOf("SELECT COUNT(*) FROM events"), committed);
  EXPECT_EQ(CountOf("SELECT COUNT(*) FROM stored_replies"), committed);
  EXPECT_EQ(CountOf("SELECT COUNT(*) FROM lease_owners"), static_cast<int64_t>(last.size() + slots.size()));
  for (const auto& [thing, version] : last) {
    const auto row = schema().Query("SELECT seen_until FROM lease_owners WHERE owner = ?", {thing});
    ASSERT_EQ(row.size(), 1U);
    EXPECT_EQ(row[0].Time(0), absl::FromUnixSeconds(1243814400 + version)) << "the row is that of the last version";
  }
}

}  // namespace
}  // namespace countersign::events
