#include "common/mysql/page.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/mysql/read.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace countersign::mysql {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(PageTest, APositionComesBackFromItsText) {
  const TimePosition position{absl::FromUnixMicros(1'243'846'800'000'001), Uuid::V7(absl::UnixEpoch())};
  const TimePosition back = TimePosition::FromText(position.ToText());
  EXPECT_EQ(back.time, position.time);
  EXPECT_EQ(back.id, position.id);
  const TimePosition early = TimePosition::FromText(TimePosition{absl::FromUnixMicros(-1), {}}.ToText());
  EXPECT_EQ(early.time, absl::FromUnixMicros(-1));
  EXPECT_EQ(IdPosition(position.id.ToString()), position.id);
}

TEST(PageTest, WhatIsNoPositionIsTheBeginning) {
  for (const char* text : {"", "/", "1", "1/", "/0190a5b2-7c3d-7e4f-8a6b-000000000001", "x/y"}) {
    EXPECT_EQ(TimePosition::FromText(text).time, absl::UnixEpoch()) << text;
    EXPECT_EQ(TimePosition::FromText(text).id, Uuid()) << text;
  }
  EXPECT_EQ(IdPosition(""), Uuid());
}

TEST(PageTest, OneMoreThanThePageHasIsTheNextPages) {
  const auto position_of = [](const int& item) { return std::to_string(item); };
  const Page<int> full = PageOf<int>({1, 2, 3}, 2, position_of);
  EXPECT_THAT(full.items, ElementsAre(1, 2));
  EXPECT_EQ(full.next, "2");
  const Page<int> last = PageOf<int>({3, 4}, 2, position_of);
  EXPECT_THAT(last.items, ElementsAre(3, 4));
  EXPECT_EQ(last.next, "");
  EXPECT_THAT(PageOf<int>({}, 2, position_of).items, IsEmpty());
}

class ReadPageTest : public ::testing::Test {
 protected:
  absl::StatusOr<Page<std::string>> Read(const PageQuery& query) {
    return ListPage<std::string>(
        database_.database(), absl::InfiniteFuture(),
        StatementOf("SELECT word FROM words WHERE word > ?", {query.after}, query, " ORDER BY word LIMIT ?"),
        [](RowReader& row) { return row.Text(); }, [](const std::string& word) { return word; });
  }

  testing::TestDatabase database_;
};

TEST_F(ReadPageTest, GivesPageByPageWhatMeetsTheCondition) {
  database_.Execute("CREATE TABLE words (word VARCHAR(8) NOT NULL PRIMARY KEY, weight BIGINT NOT NULL)");
  database_.Execute(absl::StrCat("GRANT SELECT ON words TO '", database_.schema(), "'@'%'"));
  database_.Execute("INSERT INTO words VALUES ('d', 1), ('a', 1), ('c', 1), ('b', 2), ('e', 1)");
  PageQuery query{.condition = {" AND weight = ?", {1}}, .size = 2};
  std::vector<std::vector<std::string>> pages;
  do {
    ASSERT_OK_AND_ASSIGN(const Page<std::string> page, Read(query));
    pages.push_back(page.items);
    query.after = page.next;
  } while (!query.after.empty());
  EXPECT_THAT(pages, ElementsAre(ElementsAre("a", "c"), ElementsAre("d", "e")));
}

}  // namespace
}  // namespace countersign::mysql
