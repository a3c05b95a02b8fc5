#include "common/testing/messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unicode/messagepattern.h>
#include <unicode/msgfmt.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <utility>

#include "absl/strings/match.h"
#include "common/language/message_file.h"

namespace countersign::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::UnorderedElementsAreArray;

std::vector<std::string> KeysOf(const Language& language) {
  std::vector<std::string> keys;
  for (const auto& [key, text] : language.messages()) keys.push_back(key);
  return keys;
}

// The {name}s of a message: of a template's, which is no MessageFormat, and of every other, also inside of plurals.
std::set<std::string> PlaceholdersOf(const std::string& text, bool of_template) {
  if (of_template) {
    const std::multiset<std::string> all = MatchesOf(text, "\\{(> [a-z_]+|[a-z_]+)\\}");
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
std::multiset<std::string> TagsOf(const std::string& text) { return MatchesOf(text, "(<[^>]*>)"); }

bool IsSetting(const std::string& key) { return key.starts_with("language."); }

bool IsSource(const std::string& name) {
  return (name.ends_with(".cc") || name.ends_with(".h")) && !absl::StrContains(name, "_test") &&
         !name.starts_with("sample_");
}

}  // namespace

std::multiset<std::string> MatchesOf(const std::string& text, const char* pattern) {
  const std::regex regex(pattern);
  std::multiset<std::string> found;
  for (std::sregex_iterator it(text.begin(), text.end(), regex), end; it != end; ++it) found.insert((*it)[1].str());
  return found;
}

std::set<std::string> KeysOfTemplates(absl::Span<const EmbeddedFile> files) {
  std::set<std::string> keys;
  for (const EmbeddedFile& file : files) {
    if (!file.name.ends_with(".mustache")) continue;
    for (std::string& key : KeysIn({file.contents.data(), file.contents.size()})) keys.insert(std::move(key));
  }
  return keys;
}

std::set<std::string> KeysOfSources(const std::vector<std::filesystem::path>& folders, const Messages& messages) {
  std::set<std::string> sections;
  for (const auto& [key, text] : messages) sections.insert(key.substr(0, key.find('.')));
  std::set<std::string> keys;
  for (const std::filesystem::path& folder : folders) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (!IsSource(entry.path().filename())) continue;
      std::ifstream file(entry.path());
      const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
      for (const std::string& word : MatchesOf(text, "\"([a-z_]+(?:\\.[a-z_]+)+)\"")) {
        const bool is_file = word.ends_with(".mustache") || word.ends_with(".css") || word.ends_with(".ico");
        if (!is_file && sections.contains(word.substr(0, word.find('.')))) keys.insert(word);
      }
    }
  }
  return keys;
}

void ExpectTheSameKeys(absl::Span<const Language* const> languages) {
  ASSERT_EQ(languages.size(), 5u);
  for (const Language* language : languages) {
    EXPECT_THAT(KeysOf(*language), UnorderedElementsAreArray(KeysOf(*languages.front()))) << language->code();
  }
}

void ExpectTheSamePlaceholders(absl::Span<const Language* const> languages, const std::set<std::string>& of_templates) {
  for (const Language* language : languages) {
    for (const auto& [key, text] : languages.front()->messages()) {
      if (IsSetting(key)) continue;
      const bool of_template = of_templates.contains(key);
      EXPECT_EQ(PlaceholdersOf(language->Text(key), of_template), PlaceholdersOf(text, of_template))
          << language->code() << " " << key;
      EXPECT_EQ(TagsOf(language->Text(key)), TagsOf(text)) << language->code() << " " << key;
    }
  }
}

void ExpectReadable(absl::Span<const Language* const> languages, const std::set<std::string>& of_templates) {
  for (const Language* language : languages) {
    for (const auto& [key, text] : language->messages()) {
      EXPECT_FALSE(absl::StrContains(text, "'")) << language->code() << " " << key << ": write ’";
      if (of_templates.contains(key)) {
        EXPECT_THAT(MatchesOf(text, "\\{[a-z_]+(, ?(?:plural|select))"), IsEmpty()) << language->code() << " " << key;
        continue;
      }
      UErrorCode error = U_ZERO_ERROR;
      UParseError where = {};
      const icu::MessageFormat format(icu::UnicodeString::fromUTF8(text),
                                      icu::Locale::forLanguageTag(language->code(), error), where, error);
      EXPECT_TRUE(U_SUCCESS(error)) << language->code() << " " << key << ": " << u_errorName(error);
    }
  }
}

}  // namespace countersign::testing
