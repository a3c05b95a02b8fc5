#include "common/events/committer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "common/base/error.h"
#include "common/events/event_log.h"
#include "common/events/log_fixture.h"
#include "common/events/relay.h"
#include "common/mysql/proxy_fixture.h"
#include "common/mysql/statement_log.h"
#include "common/testing/status_matchers.h"

namespace countersign::events {
namespace {

using ::countersign::testing::HasReason;
using ::testing::Each;

constexpr mysql::Table kOwners = {.name = "lease_owners", .key = "owner", .changing = "seen_until"};

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

  // A relay that holds every bucket and has delivered a first event, so that it knows the head of tenant_'s log.
  static std::unique_ptr<Relay> StartedRelay(Receiver& receiver) {
    RelayOptions options;
    options.owner = "a";
    options.poll = absl::Milliseconds(20);
    options.committer = &committer();
    std::unique_ptr<Relay> relay = MakeRelay(db(), options, {receiver.AsConsumer("billing")}, {});
    relay->Start();
    EXPECT_OK(committer().Commit(Deadline(), ChangeOf("warm", 1)));
    EXPECT_TRUE(receiver.WaitFor(1));
    return relay;
  }

  static int64_t CountOf(absl::string_view sql) { return schema().Query(sql)[0].Int(0); }

  static inline const Uuid tenant_ = Id("tenant");
};

// A database whose statements are counted.
class CommitterStatementTest : public CommitterTest {
 protected:
  void SetUp() override {
    CommitterTest::SetUp();
    char path[] = "/tmp/committer_test_XXXXXX";
    const int file = mkstemp(path);
    ASSERT_GE(file, 0);
    close(file);
    path_ = path;
    mysql::DatabaseOptions options = schema().options();
    ASSERT_OK_AND_ASSIGN(options.statement_log, mysql::StatementLog::Open(path_));
    logged_ = mysql::OpenDatabase(options);
  }
  void TearDown() override { std::filesystem::remove(path_); }

  int CountStatements(absl::string_view beginning) {
    auto log = mysql::ReadStatementLog(path_);
    EXPECT_OK(log.status());
    return static_cast<int>(std::count_if(log->begin(), log->end(), [&](const mysql::LoggedStatement& statement) {
      return absl::string_view(statement.sql).substr(0, beginning.size()) == beginning;
    }));
  }

  std::string path_;
  std::unique_ptr<mysql::Database> logged_;
};

TEST_F(CommitterStatementTest, ChangesThatWaitAtTheSameMomentShareOneTransaction) {
  Committer committer(*logged_);
  std::vector<Change> changes;
  for (int i = 0; i < 20; ++i) changes.push_back(ChangeOf(absl::StrCat("thing", i)));
  EXPECT_THAT(Together(committer, changes), Each(absl::OkStatus()));
  EXPECT_EQ(CountOf("SELECT COUNT(*) FROM events"), 21);
  EXPECT_EQ(CountOf("SELECT COUNT(*) FROM stored_replies"), 21);
  EXPECT_EQ(CountOf("SELECT COUNT(*) FROM lease_owners"), 21);
  EXPECT_EQ(CountStatements("COMMIT"), 2) << "the first, and all others";
  EXPECT_LE(CountStatements("INSERT INTO events"), 1 + 2) << "16 and 4 rows";
}

TEST_F(CommitterStatementTest, AChangeThatLosesItsRaceWhileItWaitsMakesNoBatchFail) {
  Committer committer(*logged_);
  const std::vector<absl::Status> answers = Together(
      committer, {ChangeOf("a"), ChangeOf("b"), ChangeOf("a", 1, "another"), ChangeOf("c"), ChangeOf("b", 1, "late")});
  EXPECT_OK(answers[0]);
  EXPECT_OK(answers[1]);
  EXPECT_TRUE(IsLostRace(answers[2])) << answers[2];
  EXPECT_OK(answers[3]);
  EXPECT_TRUE(IsLostRace(answers[4])) << answers[4];
  EXPECT_EQ(CountStatements("COMMIT"), 3) << "the first; a and b; c";
  EXPECT_EQ(CountStatements("ROLLBACK"), 0);
}

TEST_F(CommitterStatementTest, GuardsOfOneRowShareAStatementAndTheRowMustHold) {
  static const mysql::KeyedSelect* const kLock = new mysql::KeyedSelect{
      .select = "SELECT owner, seen_until FROM lease_owners", .key = "owner", .rest = "LOCK IN SHARE MODE"};
  const auto guarded = [](const std::string& name, const std::string& owner, bool holds) {
    Change change = ChangeOf(name);
    change.guards = {{.select = kLock, .key = {owner}, .holds = [holds](const mysql::Row&) { return holds; }}};
    return change;
  };
  Committer committer(*logged_);
  ASSERT_OK(committer.Commit(Deadline(), ChangeOf("there")));
  EXPECT_THAT(Together(committer, {guarded("a", "there", true), guarded("b", "there", true)}), Each(absl::OkStatus()));
  EXPECT_EQ(CountStatements("SELECT owner, seen_until"), 1);
  EXPECT_TRUE(IsLostRace(committer.Commit(Deadline(), guarded("c", "there", false))));
  EXPECT_TRUE(IsLostRace(committer.Commit(Deadline(), guarded("d", "nobody", true))));
  EXPECT_EQ(CountOf("SELECT COUNT(*) FROM events"), 4) << "there, the first, a, b";
}

TEST_F(CommitterTest, AChangeThatIsRefusedHoldsBackNoOther) {
  Committer committer(db());
  ASSERT_OK(committer.Commit(Deadline(), ChangeOf("taken")));
  std::vector<Change> changes = {ChangeOf("a"), ChangeOf("taken", 1, "another"),
                                 ChangeOf("b"), ChangeOf("c", 1, "taken/1"),
                                 ChangeOf("d"), ChangeOf("e")};
  changes[4].rows = {mysql::Insert(kOwners, {"taken", absl::UnixEpoch()}, AlreadyExists("TAKEN", "It is taken."))};
  changes[5].also = [](mysql::Connection&) { return FailedPrecondition("NOT_NOW", "Not now."); };
  const std::vector<absl::Status> answers = Together(committer, changes);
  EXPECT_OK(answers[0]);
  EXPECT_TRUE(IsLostRace(answers[1])) << answers[1];
  EXPECT_OK(answers[2]);
  EXPECT_TRUE(IsReplyAlreadyStored(answers[3])) << answers[3];
  EXPECT_THAT(answers[4], HasReason("TAKEN"));
  EXPECT_THAT(answers[5], HasReason("NOT_NOW"));
  EXPECT_EQ(CountOf("SELECT COUNT(*) FROM events"), 4) << "taken, the first, a, b";
  EXPECT_EQ(CountOf("SELECT COUNT(*) FROM stored_replies"), 4);
  EXPECT_EQ(CountOf("SELECT COUNT(*) FROM lease_owners"), 4);
}

TEST_F(CommitterStatementTest, ManyChangesOfOneCallerShareATransactionAndARefusedOneHoldsBackNoOther) {
  Committer committer(*logged_);
  std::vector<Change> changes;
  for (int i = 0; i < 40; ++i) changes.push_back(ChangeOf(absl::StrCat("thing", i)));
  EXPECT_THAT(committer.CommitAll(Deadline(), changes), Each(absl::OkStatus()));
  EXPECT_EQ(CountStatements("COMMIT"), 1);
  EXPECT_THAT(committer.CommitAll(Deadline(), {}), ::testing::IsEmpty());

  Change large = ChangeOf("large");
  large.rows.resize(kMaxRowsOfChange + 1, large.rows.front());
  const std::vector<absl::Status> answers = committer.CommitAll(
      Deadline(), {ChangeOf("a"), ChangeOf("thing7", 1, "another"), large, ChangeOf("b", 1), ChangeOf("b", 2)});
  EXPECT_OK(answers[0]);
  EXPECT_TRUE(IsLostRace(answers[1])) << answers[1];
  EXPECT_EQ(answers[2].code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_OK(answers[3]);
  EXPECT_OK(answers[4]) << "two versions of one aggregate, in two transactions";
  EXPECT_EQ(CountOf("SELECT COUNT(*) FROM events"), 43);
  EXPECT_EQ(CountOf("SELECT COUNT(*) FROM lease_owners"), 42);
}

TEST_F(CommitterTest, OfTwoChangesOfOneAggregateTheSecondIsDecidedAfterTheFirst) {
  Committer committer(db());
  const std::vector<absl::Status> answers =
      Together(committer, {ChangeOf("a", 1), ChangeOf("a", 2), ChangeOf("b", 1), ChangeOf("a", 2, "late")});
  EXPECT_OK(answers[0]);
  EXPECT_OK(answers[1]);
  EXPECT_OK(answers[2]);
  EXPECT_TRUE(IsLostRace(answers[3])) << answers[3];
  EXPECT_EQ(CountOf("SELECT COUNT(*) FROM events WHERE version = 2"), 1);
}

TEST_F(CommitterTest, AChangeWhoseTurnDoesNotComeInTimeIsNotWritten) {
  absl::Status late;
  const auto answers =
      Together(committer(), {ChangeOf("b")}, [&] { late = committer().Commit(absl::Now(), ChangeOf("late")); });
  EXPECT_EQ(late.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_OK(answers[0]);
  EXPECT_EQ(CountOf("SELECT COUNT(*) FROM events"), 2);
}

TEST_F(CommitterTest, ALargeChangeHasATransactionOfItsOwn) {
  Committer committer(db(), {.max_rows_together = 10});
  Change large = ChangeOf("large");
  for (int i = 0; i < 400; ++i) large.rows.push_back(mysql::Put(kOwners, {absl::StrCat("row", i), absl::UnixEpoch()}));
  EXPECT_OK(committer.Commit(Deadline(), large));
  EXPECT_EQ(CountOf("SELECT COUNT(*) FROM lease_owners"), 401);
}

// Each message to the server is lost once, and each answer: before, between and after the statements of a batch, and
// the COMMIT's.
TEST_F(CommitterTest, WhateverIsLostOnTheWayToTheServerEachChangeIsCommittedOnce) {
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
TEST_F(CommitterTest, OfTwoBatchesThatDeadlockEachChangeIsCommittedOnce) {
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
  std::thread elsewhere_too([&] {
    EXPECT_THAT(Together(
                    other, rights, [] {}, "the first elsewhere"),
                Each(absl::OkStatus()));
  });
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
TEST_F(CommitterTest, WhateverTheInterleavingEachVersionHasOneWinnerWithItsRowAndReply) {
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

TEST_F(CommitterTest, EventsAreSealedInTheCommitWhereTheBucketIsHeld) {
  Receiver receiver;
  RelayOptions options;
  options.owner = "a";
  options.committer = &committer();
  options.threads = 0;  // A turn of the sealer that has the bucket just then would do it instead.
  const auto relay = MakeRelay(db(), options, {receiver.AsConsumer("billing")}, {});
  relay->Start();
  ASSERT_OK(relay->Do(Relay::Step::kRenew, Deadline()));
  ASSERT_OK(relay->Do(Relay::Step::kWork, Deadline()));  // By now the bucket's head is known.
  for (int64_t version = 1; version <= 20; ++version) {
    ASSERT_OK(committer().Commit(Deadline(), ChangeOf("a", version)));
    EXPECT_EQ(CountOf("SELECT COUNT(*) FROM events WHERE position IS NULL"), 0) << version;
  }
  ASSERT_OK(relay->Do(Relay::Step::kWork, Deadline()));
  EXPECT_EQ(receiver.accepted(), 20);
  relay->Stop();
  EXPECT_OK(db().Read(Deadline(), [](mysql::Reader& reader) { return VerifyChain(reader, BucketOf(tenant_)); }));
}

TEST_F(CommitterTest, AnEventIsNotSealedBeforeAnEarlierOneOfItsAggregateThatAnotherReplicaWrote) {
  Receiver receiver;
  const auto relay = StartedRelay(receiver);
  Committer elsewhere(db());
  for (int64_t version = 1; version <= 30; ++version) {
    Committer& writer = version % 2 == 0 ? committer() : elsewhere;
    ASSERT_OK(writer.Commit(Deadline(), ChangeOf("a", version)));
  }
  ASSERT_TRUE(receiver.WaitFor(31));
  relay->Stop();
  const std::vector<int64_t> versions = receiver.VersionsOf(Id("a"));
  EXPECT_TRUE(std::is_sorted(versions.begin(), versions.end()));
  EXPECT_OK(db().Read(Deadline(), [](mysql::Reader& reader) { return VerifyChain(reader, BucketOf(tenant_)); }));
}

TEST_F(CommitterTest, AReplicaThatLostItsBucketWithoutKnowingCommitsWithoutAPlace) {
  Receiver receiver;
  const auto relay = StartedRelay(receiver);
  // Another replica has sealed an event at the place that this one would give next.
  ASSERT_OK_AND_ASSIGN(const std::vector<Event> first, ([&]() -> absl::StatusOr<std::vector<Event>> {
                         std::vector<Event> events;
                         RETURN_IF_ERROR(db().Read(Deadline(), [&](mysql::Reader& reader) -> absl::Status {
                           ASSIGN_OR_RETURN(events, ReadSealed(reader, BucketOf(tenant_), 0, 10));
                           return absl::OkStatus();
                         }));
                         return events;
                       }()));
  ASSERT_EQ(first.size(), 1U);
  const Event stolen = MakeEvent(tenant_, Id("stolen"), 1);
  const LogHead next = NextHead({.position = first[0].position, .seal = first[0].seal}, DigestOf(stolen));
  ASSERT_OK(Committer(db()).Commit(Deadline(), {.events = {stolen}, .reply = std::nullopt}));
  schema().Execute("UPDATE events SET position = ?, seal = ? WHERE aggregate_id = ?",
                   {next.position, next.seal, Id("stolen")});
  EXPECT_OK(committer().Commit(Deadline(), ChangeOf("b", 1)));
  ASSERT_TRUE(receiver.WaitFor(3));
  relay->Stop();
  EXPECT_OK(db().Read(Deadline(), [](mysql::Reader& reader) { return VerifyChain(reader, BucketOf(tenant_)); }));
}

}  // namespace
}  // namespace countersign::events
