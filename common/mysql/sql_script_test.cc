#include "common/mysql/sql_script.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace countersign::mysql {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SqlScriptTest, SplitsAtSemicolonsAndTrims) {
  EXPECT_THAT(SplitStatements("CREATE TABLE a (\n  b INT\n);\n\nINSERT INTO a (b) VALUES (1);\n"),
              ElementsAre("CREATE TABLE a (\n  b INT\n)", "INSERT INTO a (b) VALUES (1)"));
}

TEST(SqlScriptTest, TheLastSemicolonMayBeMissing) { EXPECT_THAT(SplitStatements("A;\nB"), ElementsAre("A", "B")); }

TEST(SqlScriptTest, LeavesCommentsOutWithTheSemicolonsInThem) {
  EXPECT_THAT(SplitStatements("-- one; two\nA -- three;\n, B; /* four;\nfive */ C;\n--\n"),
              ElementsAre("A  \n, B", "C"));
  EXPECT_THAT(SplitStatements("-- nothing;\n/* at all; */\n"), IsEmpty());
}

TEST(SqlScriptTest, KeepsQuotedTextAsItIs) {
  EXPECT_THAT(SplitStatements("A 'x;--\n/*';B \"y;'\" `z;`;C 'it''s;' 'a\\';b';"),
              ElementsAre("A 'x;--\n/*'", "B \"y;'\" `z;`", "C 'it''s;' 'a\\';b'"));
}

TEST(SqlScriptTest, TwoDashesWithoutASpaceAreAnExpression) {
  EXPECT_THAT(SplitStatements("SELECT 1--1;"), ElementsAre("SELECT 1--1"));
}

}  // namespace
}  // namespace countersign::mysql
