// Files of messages, and what a language makes of them.
#include "common/language/language.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/language/message_file.h"
#include "common/testing/status_matchers.h"

namespace countersign {
namespace {

using ::countersign::testing::StatusIs;
using ::testing::ElementsAre;

TEST(MessageFileTest, ReadsKeysAndTextsAndLeavesOutComments) {
  ASSERT_OK_AND_ASSIGN(const Messages messages, ParseMessages("# Head\n\na.b = One = 1\r\n  c=Two  \n"));
  EXPECT_THAT(messages, ElementsAre(::testing::Pair("a.b", "One = 1"), ::testing::Pair("c", "Two")));
}

TEST(MessageFileTest, RefusesWhatIsNoMessage) {
  for (const char* bad : {"a", "a =", "= b", "a = 1\na = 2"}) {
    EXPECT_THAT(ParseMessages(bad), StatusIs(absl::StatusCode::kInvalidArgument)) << bad;
  }
}

TEST(MessageFileTest, PutsMessagesIntoATemplate) {
  const Messages messages = {{"greeting", "Dear <bdi>{name}</bdi>, {> contact}"}};
  EXPECT_EQ(WithMessages("<p>[[greeting]]</p>{{x}}[[other]]", messages),
            "<p>Dear <bdi>{{name}}</bdi>, {{> contact}}</p>{{x}}[[other]]");
}

std::string FileOf(const char* code, const char* locale) {
  return absl::StrCat("language.code = ", code, "\nlanguage.direction = ltr\nlanguage.locale = ", locale,
                      "\nlanguage.locale_of_dates = ", locale);
}

TEST(LanguageTest, RefusesAFileWithALocaleThatNobodyKnows) {
  EXPECT_THAT(Language::Read("language.locale = x y\nlanguage.locale_of_dates = en"),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(LanguageTest, WritesPercentItsWay) {
  ASSERT_OK_AND_ASSIGN(const auto english, Language::Read(FileOf("en", "en-US")));
  EXPECT_EQ(english->PercentText(175'000), "17.5%");
  EXPECT_EQ(english->PercentText(1), "0.0001%");
  ASSERT_OK_AND_ASSIGN(const auto german, Language::Read(FileOf("de", "de-DE")));
  EXPECT_EQ(german->PercentText(190'000), "19\u00a0%");
  EXPECT_EQ(german->PercentText(75'000), "7,5\u00a0%");
}

TEST(LanguageTest, AreFoundByTheirCodeAndEnglishIsTheFirst) {
  const std::string english = FileOf("en", "en-US"), german = FileOf("de", "de-DE");
  const EmbeddedFile files[] = {{"de.txt", german}, {"messages/en.txt", english}, {"README.md", "no messages"}};
  static const auto* const languages = new std::vector<const Language*>(LanguagesIn(files));
  ASSERT_EQ(languages->size(), 2u);
  EXPECT_EQ(languages->front()->code(), "en");
  EXPECT_EQ(FindLanguage(*languages, "DE"), languages->back());
  EXPECT_EQ(FindLanguage(*languages, "nl"), nullptr);
}

}  // namespace
}  // namespace countersign
