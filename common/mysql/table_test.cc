#include "common/mysql/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/mysql/read.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"

namespace countersign::mysql {
namespace {

using ::countersign::testing::TestDeadline;

constexpr Table kNotes = {.name = "notes", .key = "owner, id", .fixed = "made", .changing = "text, version"};

struct Note {
  int64_t owner, id, made;
  std::string text;
  int64_t version;
};

Note NoteOf(RowReader& row) {
  return {.owner = row.Int(), .id = row.Int(), .made = row.Int(), .text = row.Text(), .version = row.Int()};
}

std::vector<Parameter> ValuesOf(const Note& note) { return {note.owner, note.id, note.made, note.text, note.version}; }

class TableTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    database_ = new testing::TestDatabase();
    database_->Execute(
        "CREATE TABLE notes (owner BIGINT NOT NULL, id BIGINT NOT NULL, made BIGINT NOT NULL, text VARCHAR(20) NOT "
        "NULL, version BIGINT NOT NULL, PRIMARY KEY (owner, id))");
    database_->Execute(absl::StrCat("GRANT SELECT, INSERT, UPDATE ON notes TO '", database_->schema(), "'@'%'"));
  }
  static void TearDownTestSuite() { delete database_; }
  void SetUp() override { database_->Clear(); }

  absl::Status Write(const std::vector<RowWrite>& writes) {
    return database_->database().Transact(TestDeadline(),
                                          [&](Connection& connection) { return WriteRows(connection, writes); });
  }
  absl::StatusOr<std::optional<Note>> Find(int64_t owner, int64_t id) {
    return FindOne<Note>(database_->database(), TestDeadline(), kNotes, {owner, id}, NoteOf);
  }

  static testing::TestDatabase* database_;
};
testing::TestDatabase* TableTest::database_ = nullptr;

TEST_F(TableTest, ColumnsOfAJoinHaveTheAlias) {
  EXPECT_EQ(ColumnsOf(kNotes, "n"), "n.owner, n.id, n.made, n.text, n.version");
}

TEST_F(TableTest, WritesManyRowsAndReadsThemBack) {
  std::vector<RowWrite> writes;
  for (int64_t id = 1; id <= 45; ++id) writes.push_back(Insert(kNotes, ValuesOf({1, id, 5, "text", 1})));
  ASSERT_OK(Write(writes));
  EXPECT_EQ(database_->Query("SELECT COUNT(*) FROM notes").at(0).Int(0), 45);
  ASSERT_OK_AND_ASSIGN(const std::optional<Note> found, Find(1, 45));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->text, "text");
  ASSERT_OK_AND_ASSIGN(const std::optional<Note> none, Find(2, 45));
  EXPECT_FALSE(none.has_value());
}

TEST_F(TableTest, APutReplacesWhatChangesAndNothingElse) {
  ASSERT_OK(Write({Insert(kNotes, ValuesOf({1, 1, 5, "first", 1}))}));
  ASSERT_OK(Write({Put(kNotes, ValuesOf({1, 1, 9, "second", 2})), Put(kNotes, ValuesOf({1, 2, 9, "new", 1}))}));
  ASSERT_OK_AND_ASSIGN(const std::optional<Note> changed, Find(1, 1));
  EXPECT_EQ(changed->text, "second");
  EXPECT_EQ(changed->made, 5) << "a fixed column keeps what the insert wrote";
  ASSERT_OK_AND_ASSIGN(const std::optional<Note> put, Find(1, 2));
  EXPECT_EQ(put->made, 9);
}

TEST_F(TableTest, ATakenKeyGivesTheRowsOwnRefusalAndNothingIsWritten) {
  ASSERT_OK(Write({Insert(kNotes, ValuesOf({1, 1, 5, "first", 1}))}));
  EXPECT_TRUE(
      IsLostRace(Write({Insert(kNotes, ValuesOf({1, 7, 5, "", 1})), Insert(kNotes, ValuesOf({1, 1, 5, "", 1}))})));
  EXPECT_EQ(Write({Insert(kNotes, ValuesOf({1, 1, 5, "", 1}), absl::AlreadyExistsError("taken"))}),
            absl::AlreadyExistsError("taken"));
  EXPECT_EQ(database_->Query("SELECT COUNT(*) FROM notes").at(0).Int(0), 1);
}

TEST_F(TableTest, ARowWithTooFewValuesIsOurOwnMistake) {
  EXPECT_TRUE(absl::IsInternal(Write({Insert(kNotes, {1, 1, 5})})));
}

TEST(RowsPerStatementTest, TakesFewDifferentNumbersOfRows) {
  EXPECT_EQ(RowsPerStatement(1), 1);
  EXPECT_EQ(RowsPerStatement(7), 7);
  EXPECT_EQ(RowsPerStatement(15), 8);
  EXPECT_EQ(RowsPerStatement(100), 64);
  EXPECT_EQ(RowsPerStatement(5000), 256);
}

}  // namespace
}  // namespace countersign::mysql
