#include "common/events/committer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/events/change.h"
#include "common/events/committer_fixture.h"
#include "common/mysql/database.h"
#include "common/mysql/statement_log.h"
#include "common/mysql/table.h"
#include "common/testing/status_matchers.h"

namespace countersign::events {
namespace {

using ::countersign::testing::HasReason;
using ::testing::Each;

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

}  // namespace
}  // namespace countersign::events
