#include "common/base/text.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace countersign {
namespace {

TextFault FaultOf(const std::string& text) { return CheckText(text, TextShape::kLine).fault; }

std::string Marks(int count) {
  std::string marks;
  for (int i = 0; i < count; ++i) marks += "\u0301";
  return marks;
}

TEST(TextTest, TakesTheTextOfEveryScript) {
  for (const std::string text : {"Zoë’s café & co.", "株式会社 例", "株式会社　例", "Công ty Ví dụ", "C\u0302\u0323ng",
                                 "شركة مثال", "חֶבְרָה", "कंपनी क्\u200Dष", "می\u200Cخواهم", "ไทย", "한국", "👩\u200D💻",
                                 "☎\uFE0F", "葛\U000E0100", "10 000", "a\u00A0b"}) {
    EXPECT_EQ(FaultOf(text), TextFault::kNone) << text;
    EXPECT_EQ(TrimText(text), text);
  }
}

TEST(TextTest, TellsPrintableAscii) {
  for (const std::string text : {"", " ", "~", "DK 12345678"}) EXPECT_TRUE(IsPrintableAscii(text)) << text;
  for (const std::string text : {"\n", "\t", "\x1f", "\x7f", "a\x80", "Zoë"})
    EXPECT_FALSE(IsPrintableAscii(text)) << text;
  EXPECT_FALSE(IsPrintableAscii(std::string(1, '\0')));
}

TEST(TextTest, CountsCharactersNotBytes) {
  EXPECT_EQ(CheckText("株式会社", TextShape::kLine).characters, 4);
  EXPECT_EQ(CheckText("\U0001F600", TextShape::kLine).characters, 1);
}

TEST(TextTest, RefusesWhatNobodySees) {
  for (const std::string hidden :
       {"\u00AD", "\u034F", "\u061C",     "\u115F",     "\u1160",     "\u17B4",     "\u180E",
        "\u200B", "\u200E", "\u200F",     "\u202A",     "\u202E",     "\u2060",     "\u2066",
        "\u2069", "\u206F", "\u2800",     "\u3164",     "\uFEFF",     "\uFFA0",     "\uFFF9",
        "\uFDD0", "\uFFFE", "\U0001FFFE", "\U0010FFFF", "\U000E0001", "\U000E0020", "\U0001D173"}) {
    EXPECT_EQ(FaultOf("a" + hidden + "b"), TextFault::kInvisible) << absl::CHexEscape(hidden);
  }
}

TEST(TextTest, RefusesControlCharactersAndWhatIsNotUtf8) {
  for (const std::string text : {"a\nb", "a\tb", "a\x7f", "a\u0085b", "a\u2028b", "a\u2029b", "\x01"}) {
    EXPECT_EQ(FaultOf(text), TextFault::kControl) << absl::CHexEscape(text);
  }
  EXPECT_EQ(FaultOf(std::string("a\0b", 3)), TextFault::kControl);
  for (const std::string text :
       {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\xe2\x80", "\xc3\x28", "a\tb\xff"}) {
    EXPECT_EQ(FaultOf(text), TextFault::kNotUtf8) << absl::CHexEscape(text);
    EXPECT_EQ(TrimText(text), text);
  }
  EXPECT_EQ(CheckText("one\n\ttwo", TextShape::kLines).fault, TextFault::kNone);
  EXPECT_EQ(CheckText("one\rtwo", TextShape::kLines).fault, TextFault::kControl);
}

TEST(TextTest, AJoinerMustJoin) {
  for (const char* joiner : {"\u200C", "\u200D"}) {
    EXPECT_EQ(FaultOf(absl::StrCat("a", joiner, "b")), TextFault::kNone);
    EXPECT_EQ(FaultOf(absl::StrCat("a", joiner, joiner, "b")), TextFault::kInvisible);
    EXPECT_EQ(FaultOf(absl::StrCat("a ", joiner, "b")), TextFault::kInvisible);
    EXPECT_EQ(FaultOf(absl::StrCat("a", joiner, " b")), TextFault::kInvisible);
    EXPECT_EQ(FaultOf(absl::StrCat(joiner, "b")), TextFault::kInvisible);
    EXPECT_EQ(FaultOf(absl::StrCat("a", joiner)), TextFault::kInvisible);
  }
  EXPECT_EQ(FaultOf("\uFE0F"), TextFault::kInvisible);  // A selector that selects nothing.
}

TEST(TextTest, RefusesMarksStackedBeyondReason) {
  EXPECT_EQ(FaultOf(absl::StrCat("a", Marks(kMaxStackedMarks), "b", Marks(kMaxStackedMarks))), TextFault::kNone);
  EXPECT_EQ(FaultOf(absl::StrCat("a", Marks(kMaxStackedMarks + 1))), TextFault::kStackedMarks);
  EXPECT_EQ(FaultOf(Marks(kMaxStackedMarks + 2)), TextFault::kStackedMarks);
}

TEST(TextTest, TrimsWhatNobodySeesAtTheEnds) {
  for (const std::string hidden : {" ", "\t", "\r\n", "\u00A0", "\u3000", "\u2003", "\u200B", "\u200D", "\u200E",
                                   "\u202E", "\u2060", "\u2800", "\u3164", "\uFEFF", "\u00AD", " \u200B \u00A0"}) {
    EXPECT_EQ(TrimText(absl::StrCat(hidden, "PO 7", hidden)), "PO 7") << absl::CHexEscape(hidden);
    EXPECT_EQ(TrimText(hidden), "") << absl::CHexEscape(hidden);
  }
  EXPECT_EQ(TrimText(""), "");
  EXPECT_EQ(TrimText("☎\uFE0F "), "☎\uFE0F");
}

}  // namespace
}  // namespace countersign
