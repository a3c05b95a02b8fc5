// The files of messages against each other, against the templates and against the program's sources.
#include "common/testing/messages.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "link-service/src/web/compress.h"
#include "link-service/src/web/language.h"
#include "link-service/src/web/page.h"
#include "link-service/src/web/sample_pages.h"
#include "link-service/web_files.h"

namespace countersign::link::web {
namespace {

using ::countersign::testing::KeysOfSources;
using ::countersign::testing::KeysOfTemplates;

TEST(MessagesTest, EveryLanguageHasEveryMessage) { testing::ExpectTheSameKeys(Languages()); }

TEST(MessagesTest, PlaceholdersAndTagsAreThoseOfEnglish) {
  testing::ExpectTheSamePlaceholders(Languages(), KeysOfTemplates(kWebFiles));
}

TEST(MessagesTest, IcuReadsEveryMessageAndTemplatesTakePlainPlaceholders) {
  testing::ExpectReadable(Languages(), KeysOfTemplates(kWebFiles));
}

TEST(MessagesTest, EveryMessageIsUsedAndEveryNameIsAMessage) {
  const std::filesystem::path sources = COUNTERSIGN_LINK_SOURCES;
  std::set<std::string> used =
      KeysOfSources({sources / "domain", sources / "page", sources / "web"}, English().messages());
  used.merge(KeysOfTemplates(kWebFiles));
  used.insert("format.time");  // In common/language.
  for (const auto& [key, text] : English().messages()) {
    EXPECT_TRUE(used.contains(key) || key.starts_with("language.")) << key << " is not used";
  }
  for (const std::string& key : used) EXPECT_TRUE(English().messages().contains(key)) << key << " is no message";
}

// Of what a page says in another language no English sentence is left.
TEST(MessagesTest, NoPageOfAnotherLanguageSaysAnythingInEnglish) {
  constexpr size_t kLong = 25;  // Shorter ones may be the same words in both.
  for (const Language* language : Languages()) {
    if (language == &English()) continue;
    for (const SamplePage& page : SamplePages(*language)) {
      for (const auto& [key, text] : English().messages()) {
        const std::string begin = text.substr(0, text.find_first_of("{<"));
        if (begin.size() < kLong) continue;
        EXPECT_FALSE(absl::StrContains(page.html, begin)) << language->code() << " " << page.name << " " << key;
      }
    }
  }
}

TEST(MessagesTest, EveryPageSaysItsLanguageAndOffersTheOthers) {
  for (const Language* language : Languages()) {
    for (const SamplePage& page : SamplePages(*language)) {
      EXPECT_TRUE(absl::StrContains(
          page.html, absl::StrCat("<html lang=\"", language->code(), "\" dir=\"", language->direction(), "\">")));
      EXPECT_FALSE(absl::StrContains(page.html, "[[")) << page.name;
      EXPECT_FALSE(absl::StrContains(page.html, "{{")) << page.name;
      for (const Language* other : Languages()) {
        // Where there is a form, by a button of the form, which keeps what was typed.
        const bool by_link = absl::StrContains(page.html, absl::StrCat("href=\"?lang=", other->code(), "\" lang="));
        const bool by_button = absl::StrContains(
            page.html, absl::StrCat("<button form=\"order\" formaction=\"?lang=", other->code(), "\""));
        const bool has_form = absl::StrContains(page.html, "id=\"order\"");
        EXPECT_EQ(by_link, other != language && !has_form) << page.name;
        EXPECT_EQ(by_button, other != language && has_form) << page.name;
      }
    }
  }
}

TEST(MessagesTest, AWaitingPageFitsInEightKilobytesInEveryLanguage) {
  for (const Language* language : Languages()) {
    const std::string page = RenderOrderPage(SampleOrderPage(OrderPageState::kReview, *language));
    EXPECT_LE(Gzip(page).size(), 8U * 1024) << language->code();
  }
}

TEST(LanguageFormatTest, EachLanguageWritesMoneyAndDatesItsWay) {
  const Money price = *Money::FromMicros(1'234'500'000, "EUR");
  const Date day(2009, 6, 1);
  const auto in = [](const char* code) -> const Language& { return *FindLanguage(code); };
  EXPECT_EQ(in("de").MoneyText(price), "1.234,50\u00a0€");
  EXPECT_EQ(in("fr").MoneyText(price), "1\u202f234,50\u00a0€");
  EXPECT_EQ(in("ja").MoneyText(*Money::FromMicros(6'986'000'000, "JPY")), "￥6,986");
  EXPECT_TRUE(absl::StrContains(in("ar").MoneyText(price), "1,234.50"));
  EXPECT_TRUE(absl::StrContains(in("ar").MoneyText(price), "EUR"));
  EXPECT_EQ(in("de").DateText(day), "1. Juni 2009");
  EXPECT_EQ(in("fr").DateText(day), "1 juin 2009");
  EXPECT_EQ(in("ja").DateText(day), "2009年6月1日");
  EXPECT_EQ(in("ar").DateText(day), "1 يونيو 2009");
}

TEST(LanguageFormatTest, PluralsFollowTheLanguage) {
  const Language& arabic = *FindLanguage("ar");
  const auto days = [&](int64_t n) { return arabic.Format("review.days_left", {{"days", n}}); };
  EXPECT_EQ(days(0), "اليوم هو اليوم الأخير");
  EXPECT_EQ(days(1), "بقي يوم واحد");
  EXPECT_EQ(days(2), "بقي يومان");
  EXPECT_EQ(days(3), "بقيت 3 أيام");
  EXPECT_EQ(days(30), "بقي 30 يومًا");
  EXPECT_EQ(days(100), "بقي 100 يوم");
  EXPECT_EQ(FindLanguage("ja")->Format("review.days_left", {{"days", int64_t{30}}}), "残り30日");
  EXPECT_EQ(FindLanguage("de")->Format("review.days_left", {{"days", int64_t{1}}}), "noch 1 Tag");
}

TEST(LanguageFormatTest, AForeignNameDoesNotTurnAnArabicSentenceAround) {
  const std::string text = FindLanguage("ar")->Format("change.line_removed", {{"offer", std::string("SharePoint")}});
  EXPECT_TRUE(absl::StrContains(text, "\u2068SharePoint\u2069"));
  EXPECT_EQ(English().Format("change.line_removed", {{"offer", std::string("SharePoint")}}), "SharePoint: removed");
}

}  // namespace
}  // namespace countersign::link::web
