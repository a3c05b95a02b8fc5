// The one rule for text that people read: what may be in it, and what belongs to it.
#ifndef COUNTERSIGN_COMMON_BASE_TEXT_H_
#define COUNTERSIGN_COMMON_BASE_TEXT_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace countersign {

// The most marks on one character, variation selectors included. Vietnamese needs two, pointed Hebrew four.
inline constexpr int kMaxStackedMarks = 6;

enum class TextShape : uint8_t { kLine, kLines };  // kLines: '\n' and '\t' are allowed.

enum class TextFault : uint8_t {
  kNone,
  kNotUtf8,       // Overlong forms, surrogates and values above U+10FFFF included.
  kControl,       // C0, DEL, C1, the line and paragraph separators.
  kInvisible,     // Format and direction marks, blank letters, noncharacters; a joiner that joins nothing.
  kStackedMarks,  // More than kMaxStackedMarks on one character.
};

struct TextCheck {
  TextFault fault = TextFault::kNone;  // kNotUtf8 before all others, else the first that is met.
  int64_t characters = 0;              // Code points, when it is UTF-8.
};

TextCheck CheckText(absl::string_view text, TextShape shape);

// Without what nobody sees at its ends: white space of any script, zero-width and format characters, blank letters.
// Text that holds nothing visible becomes empty.
absl::string_view TrimText(absl::string_view text);

// Space to "~" and nothing else; true of an empty text.
bool IsPrintableAscii(absl::string_view text);

}  // namespace countersign

#endif  // COUNTERSIGN_COMMON_BASE_TEXT_H_
