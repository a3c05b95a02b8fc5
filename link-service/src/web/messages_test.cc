// The files of messages against each other, against the templates and against the program's sources.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unicode/messagepattern.h>
#include <unicode/msgfmt.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "link-service/src/web/compress.h"
#include "link-service/src/web/language.h"
#include "link-service/src/web/message_file.h"
#include "link-service/src/web/page.h"
#include "link-service/src/web/sample_pages.h"
#include "link-service/web_files.h"

namespace countersign::link::web {
namespace {

using ::testing::IsEmpty;
using ::testing::UnorderedElementsAreArray;

using Words = std::multiset<std::string>;

Words MatchesOf(const std::string& text, const char* pattern) {
  const std::regex regex(pattern);
  Words found;
  for (std::sregex_iterator it(text.begin(), text.end(), regex), end; it != end; ++it) found.insert((*it)[1].str());
  return found;
}

// The {name}s of a message: of a template's, which is no MessageFormat, and of every other, also inside of plurals.
std::set<std::string> PlaceholdersOf(const std::string& text, bool of_template) {
  if (of_template) {
    const Words all = MatchesOf(text, "\\{(> [a-z_]+|[a-z_]+)\\}");
    return {all.begin(), all.end()};
  }
  UErrorCode error = U_ZERO_ERROR;
  const icu::MessagePattern pattern(icu::UnicodeString::fromUTF8(text), nullptr, error);
  EXPECT_TRUE(U_SUCCESS(error)) << text;
  std::set<std::string> names;
  for (int32_t i = 0; i < pattern.countParts(); ++i) {
    if (pattern.getPartType(i) != UMSGPAT_PART_TYPE_ARG_NAME) continue;
    std::string name;
    names.insert(pattern.getSubstring(pattern.getPart(i)).toUTF8String(name));
  }
  return names;
}

// In order of letters: word order differs between languages.
Words TagsOf(const std::string& text) { return MatchesOf(text, "(<[^>]*>)"); }

bool IsSetting(const std::string& key) { return key.starts_with("language."); }

std::set<std::string> KeysOfTemplates() {
  std::set<std::string> keys;
  for (const EmbeddedFile& file : kWebFiles) {
    if (!file.name.ends_with(".mustache")) continue;
    for (std::string& key : KeysIn({file.contents.data(), file.contents.size()})) keys.insert(std::move(key));
  }
  return keys;
}

// Every string of the sources that looks like a key of a section that exists: "code.expired".
std::set<std::string> KeysOfSources() {
  std::set<std::string> sections;
  for (const auto& [key, text] : English().messages()) sections.insert(key.substr(0, key.find('.')));
  std::vector<std::filesystem::path> files;
  for (const char* layer : {"domain", "page", "web"}) {
    for (const auto& entry :
         std::filesystem::directory_iterator(std::filesystem::path(COUNTERSIGN_LINK_SOURCES) / layer)) {
      files.push_back(entry.path());
    }
  }
  std::set<std::string> keys;
  for (const std::filesystem::path& path : files) {
    const std::string name = path.filename();
    const bool is_source = name.ends_with(".cc") || name.ends_with(".h");
    if (!is_source || absl::StrContains(name, "_test") || name.starts_with("sample_")) continue;
    std::ifstream file(path);
    const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    for (const std::string& word : MatchesOf(text, "\"([a-z_]+(?:\\.[a-z_]+)+)\"")) {
      const bool is_file = word.ends_with(".mustache") || word.ends_with(".css") || word.ends_with(".ico");
      if (!is_file && sections.contains(word.substr(0, word.find('.')))) keys.insert(word);
    }
  }
  return keys;
}

TEST(MessagesTest, EveryLanguageHasEveryMessage) {
  std::vector<std::string> keys;
  for (const auto& [key, text] : English().messages()) keys.push_back(key);
  EXPECT_EQ(Languages().size(), 5u);
  for (const Language* language : Languages()) {
    std::vector<std::string> own;
    for (const auto& [key, text] : language->messages()) own.push_back(key);
    EXPECT_THAT(own, UnorderedElementsAreArray(keys)) << language->code();
  }
}

TEST(MessagesTest, PlaceholdersAndTagsAreThoseOfEnglish) {
  const std::set<std::string> of_templates = KeysOfTemplates();
  for (const Language* language : Languages()) {
    for (const auto& [key, text] : English().messages()) {
      if (IsSetting(key)) continue;
      const bool of_template = of_templates.contains(key);
      EXPECT_EQ(PlaceholdersOf(language->Text(key), of_template), PlaceholdersOf(text, of_template))
          << language->code() << " " << key;
      EXPECT_EQ(TagsOf(language->Text(key)), TagsOf(text)) << language->code() << " " << key;
    }
  }
}

TEST(MessagesTest, EveryMessageIsUsedAndEveryNameIsAMessage) {
  std::set<std::string> used = KeysOfTemplates();
  used.merge(KeysOfSources());
  for (const auto& [key, text] : English().messages()) EXPECT_TRUE(used.contains(key)) << key << " is not used";
  for (const std::string& key : used) EXPECT_TRUE(English().messages().contains(key)) << key << " is no message";
}

TEST(MessagesTest, TemplatesTakePlainPlaceholdersOnly) {
  for (const std::string& key : KeysOfTemplates()) {
    for (const Language* language : Languages()) {
      EXPECT_THAT(MatchesOf(language->Text(key), "\\{[a-z_]+(, ?(?:plural|select))"), IsEmpty())
          << language->code() << " " << key;
    }
  }
}

TEST(MessagesTest, IcuReadsEveryOtherMessage) {
  const std::set<std::string> of_templates = KeysOfTemplates();
  for (const Language* language : Languages()) {
    for (const auto& [key, text] : language->messages()) {
      EXPECT_FALSE(absl::StrContains(text, "'")) << language->code() << " " << key << ": write ’";
      if (of_templates.contains(key)) continue;
      UErrorCode error = U_ZERO_ERROR;
      UParseError where = {};
      const icu::MessageFormat format(icu::UnicodeString::fromUTF8(text),
                                      icu::Locale::forLanguageTag(language->code(), error), where, error);
      EXPECT_TRUE(U_SUCCESS(error)) << language->code() << " " << key << ": " << u_errorName(error);
    }
  }
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
