// The page's languages: how they write money and dates, and which one a request gets.
#include "link-service/src/web/language.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "link-service/src/web/language_choice.h"

namespace countersign::link::web {
namespace {

Money Of(int64_t micros, absl::string_view currency) { return *Money::FromMicros(micros, currency); }

std::string CodeFor(absl::string_view header) { return Negotiated(header).code(); }

TEST(PageLanguageTest, EnglishWritesMoneyExactly) {
  const Language& english = English();
  EXPECT_EQ(english.MoneyText(Of(375'000'000, "USD")), "$375.00");
  EXPECT_EQ(english.MoneyText(Of(-1'234'567'890'000, "USD")), "-$1,234,567.89");
  EXPECT_EQ(english.MoneyText(Of(1'234'500, "USD")), "$1.2345") << "a fraction of a cent is not rounded away";
  EXPECT_EQ(english.MoneyText(Of(6'986'000'000, "JPY")), "¥6,986");
  EXPECT_EQ(english.MoneyText(Of(8'953'000, "KWD")), "KWD\u00a08.953");
  EXPECT_EQ(english.MoneyText(Of(Money::kMaxMicros, "USD")), "$1,000,000,000,000.00");
}

TEST(PageLanguageTest, EnglishWritesDatesThatNobodyMistakes) {
  EXPECT_EQ(English().DateText(Date(2009, 6, 1)), "1 June 2009");
  EXPECT_EQ(English().TimeText(StartOf(Date(2009, 6, 1)) + absl::Hours(9)), "1 June 2009, 09:00 UTC");
  EXPECT_EQ(English().NumberText(12'000), "12,000");
}

TEST(NegotiationTest, TakesTheLanguageThatIsLikedBest) {
  EXPECT_EQ(CodeFor("de"), "de");
  EXPECT_EQ(CodeFor("de-CH, fr;q=0.9"), "de");
  EXPECT_EQ(CodeFor("fr;q=0.3, ja;q=0.85, ar;q=0.8"), "ja");
  EXPECT_EQ(CodeFor("fr;q=0.5,de;q=0.5"), "fr") << "the first of two that are liked alike";
  EXPECT_EQ(CodeFor("FR-ca ; q=1.000"), "fr");
  EXPECT_EQ(CodeFor("nl, ar;q=0.1"), "ar") << "one that we do not have is passed over";
}

TEST(NegotiationTest, LeavesOutWhatIsRefused) {
  EXPECT_EQ(CodeFor("de;q=0, ja;q=0.1"), "ja");
  EXPECT_EQ(CodeFor("de;q=0"), "en");
  EXPECT_EQ(CodeFor("en;q=0, *"), "de") << "the first of ours that is not refused";
}

TEST(NegotiationTest, AWildcardIsEveryLanguageThatIsNotNamed) {
  EXPECT_EQ(CodeFor("*"), "en");
  EXPECT_EQ(CodeFor("ja, *;q=0.5"), "ja");
  EXPECT_EQ(CodeFor("ja;q=0.2, *;q=0.5"), "en");
  EXPECT_EQ(CodeFor("*;q=0"), "en");
}

TEST(NegotiationTest, GarbageGetsEnglish) {
  for (const char* garbage : {"", ",,,", ";q=1", "de;q=2", "de;q=0.1234", "de;q=-1", "de;q=", "de;q=1.5", "de;x", "q=1",
                              "d", "-de", "zz-de", "\xff\xfe", "de\xff", "de;q=0.5;q=x"}) {
    EXPECT_EQ(CodeFor(garbage), "en") << garbage;
  }
  EXPECT_EQ(CodeFor(std::string(100'000, ',') + "de"), "en");
  std::string many;
  for (int i = 0; i < 100; ++i) absl::StrAppend(&many, "x", i, ",");
  EXPECT_EQ(CodeFor(many + "de"), "en");
}

HttpRequest RequestOf(const std::string& query, const std::string& header) {
  HttpRequest request;
  request.query = query;
  if (!header.empty()) request.headers.Add("Accept-Language", header);
  return request;
}

TEST(LanguageChoiceTest, TheUrlComesBeforeTheBrowserAndTheFormBeforeBoth) {
  EXPECT_EQ(LanguageOf(RequestOf("", "fr")).code(), "fr");
  EXPECT_EQ(LanguageOf(RequestOf("lang=de", "fr")).code(), "de");
  EXPECT_EQ(LanguageOf(RequestOf("x=1&lang=DE.", "fr")).code(), "de") << "a mail program took the full stop along";
  EXPECT_EQ(LanguageOf(RequestOf("lang=xx", "fr")).code(), "fr");
  EXPECT_EQ(LanguageOf(RequestOf("lang=", "fr")).code(), "fr");
  const auto form = [](const char* body) { return *Form::Parse("application/x-www-form-urlencoded", body); };
  EXPECT_EQ(LanguageOf(RequestOf("lang=de", "fr"), form("lang=ja")).code(), "ja");
  EXPECT_EQ(LanguageOf(RequestOf("lang=de", "fr"), form("lang=xx")).code(), "de");
  EXPECT_EQ(LanguageOf(RequestOf("", "fr"), form("a=b")).code(), "fr");
}

TEST(LanguageChoiceTest, AnAddressNamesTheLanguageThatTheBrowserWouldNotChoose) {
  EXPECT_EQ(InLanguage("/c/x", RequestOf("", "de"), *FindLanguage("de")), "/c/x");
  EXPECT_EQ(InLanguage("/c/x", RequestOf("", "de"), English()), "/c/x?lang=en");
  EXPECT_EQ(InLanguage("/c/x", RequestOf("", ""), English()), "/c/x");
}

}  // namespace
}  // namespace countersign::link::web
