// The files of messages against each other, against the templates and against the program's sources.
#include "common/testing/messages.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "billing-service/documents.h"
#include "billing-service/src/api/languages.h"

namespace countersign::billing {
namespace {

using ::countersign::testing::KeysOfSources;
using ::countersign::testing::KeysOfTemplates;

TEST(BillingMessagesTest, EveryLanguageHasEveryMessage) { testing::ExpectTheSameKeys(Languages()); }

TEST(BillingMessagesTest, PlaceholdersAndTagsAreThoseOfEnglish) {
  testing::ExpectTheSamePlaceholders(Languages(), KeysOfTemplates(kDocumentTemplates));
}

TEST(BillingMessagesTest, IcuReadsEveryMessageAndTemplatesTakePlainPlaceholders) {
  testing::ExpectReadable(Languages(), KeysOfTemplates(kDocumentTemplates));
}

TEST(BillingMessagesTest, EveryMessageIsUsedAndEveryNameIsAMessage) {
  const Messages& messages = Languages().front()->messages();
  const std::filesystem::path sources = COUNTERSIGN_BILLING_SOURCES;
  std::set<std::string> used = KeysOfSources({sources / "api", sources / "workers"}, messages);
  used.merge(KeysOfTemplates(kDocumentTemplates));
  for (const auto& [key, text] : messages) {
    EXPECT_TRUE(used.contains(key) || key.starts_with("language.")) << key << " is not used";
  }
  for (const std::string& key : used) EXPECT_TRUE(messages.contains(key)) << key << " is no message";
}

TEST(BillingMessagesTest, ATagFindsItsLanguageAndEveryOtherEnglish) {
  EXPECT_EQ(LanguageOf("de").code(), "de");
  EXPECT_EQ(LanguageOf("DE-CH").code(), "de");
  for (const char* other : {"", "nl", "-", "d", "deu"}) EXPECT_EQ(LanguageOf(other).code(), "en") << other;
}

}  // namespace
}  // namespace countersign::billing
