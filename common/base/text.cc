#include "common/base/text.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>

#include "absl/strings/ascii.h"

namespace countersign {
namespace {

constexpr UChar32 kNonJoiner = 0x200C;
constexpr UChar32 kJoiner = 0x200D;
constexpr UChar32 kBraillePatternBlank = 0x2800;  // A symbol by its category, and nothing to see.

bool IsJoiner(UChar32 c) { return c == kNonJoiner || c == kJoiner; }

bool IsSelector(UChar32 c) { return u_hasBinaryProperty(c, UCHAR_VARIATION_SELECTOR) != 0; }

// It stands on the character before it.
bool IsMark(UChar32 c) { return (U_GET_GC_MASK(c) & (U_GC_MN_MASK | U_GC_ME_MASK)) != 0 || IsSelector(c); }

bool IsControl(UChar32 c) { return (U_GET_GC_MASK(c) & (U_GC_CC_MASK | U_GC_ZL_MASK | U_GC_ZP_MASK)) != 0; }

// Never seen, wherever it is.
bool IsInvisible(UChar32 c) {
  return u_charType(c) == U_FORMAT_CHAR || c == kBraillePatternBlank ||
         u_hasBinaryProperty(c, UCHAR_NONCHARACTER_CODE_POINT) != 0 ||
         (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0 && !IsSelector(c));
}

bool IsSpace(UChar32 c) { return u_hasBinaryProperty(c, UCHAR_WHITE_SPACE) != 0; }

// Nothing to see at the end of a text.
bool IsTrimmed(UChar32 c) {
  return IsSpace(c) || (IsInvisible(c) && u_hasBinaryProperty(c, UCHAR_NONCHARACTER_CODE_POINT) == 0);
}

// Looks at one character after another.
class TextScan {
 public:
  explicit TextScan(TextShape shape) : shape_(shape) {}

  TextFault Take(UChar32 c) {
    if (shape_ == TextShape::kLines && (c == '\n' || c == '\t')) return Follow(/*can_carry=*/false);
    if (IsControl(c)) return TextFault::kControl;
    if (IsJoiner(c)) {
      if (!carries_ || joining_) return TextFault::kInvisible;
      joining_ = true;
      return TextFault::kNone;
    }
    if (IsInvisible(c)) return TextFault::kInvisible;
    if (IsMark(c)) {
      if (!carries_) return IsSelector(c) ? TextFault::kInvisible : Follow(/*can_carry=*/true);
      joining_ = false;
      return ++marks_ > kMaxStackedMarks ? TextFault::kStackedMarks : TextFault::kNone;
    }
    return Follow(/*can_carry=*/!IsSpace(c));
  }

  // At the end a joiner would have had something to join.
  TextFault End() const { return joining_ ? TextFault::kInvisible : TextFault::kNone; }

 private:
  TextFault Follow(bool can_carry) {
    if (joining_ && !can_carry) return TextFault::kInvisible;
    carries_ = can_carry;
    joining_ = false;
    marks_ = 0;
    return TextFault::kNone;
  }

  const TextShape shape_;
  bool carries_ = false;  // The last character can have marks and be joined to the next.
  bool joining_ = false;
  int marks_ = 0;
};

}  // namespace

TextCheck CheckText(absl::string_view text, TextShape shape) {
  const auto length = static_cast<int32_t>(text.size());  // No request has as much as 2 GiB.
  const char* const bytes = text.data();
  TextScan scan(shape);
  TextCheck check;
  for (int32_t i = 0; i < length; ++check.characters) {
    UChar32 c = 0;
    U8_NEXT(bytes, i, length, c);
    if (c < 0) return {.fault = TextFault::kNotUtf8};
    if (check.fault == TextFault::kNone) check.fault = scan.Take(c);
  }
  if (check.fault == TextFault::kNone) check.fault = scan.End();
  return check;
}

absl::string_view TrimText(absl::string_view text) {
  const char* const bytes = text.data();
  int32_t begin = 0;
  auto end = static_cast<int32_t>(text.size());
  UChar32 c = 0;
  for (int32_t i = begin; i < end; begin = i) {
    U8_NEXT(bytes, i, end, c);
    if (c < 0 || !IsTrimmed(c)) break;
  }
  for (int32_t i = end; i > begin; end = i) {
    U8_PREV(bytes, begin, i, c);
    if (c < 0 || !IsTrimmed(c)) break;
  }
  return text.substr(begin, end - begin);
}

bool IsPrintableAscii(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return absl::ascii_isprint(c); });
}

}  // namespace countersign
