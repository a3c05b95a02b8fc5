// Languages that people are written to in: their messages, and how each writes money, dates and numbers (ICU).
#ifndef COUNTERSIGN_COMMON_LANGUAGE_LANGUAGE_H_
#define COUNTERSIGN_COMMON_LANGUAGE_LANGUAGE_H_

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/base/date.h"
#include "common/base/embedded_file.h"
#include "common/base/money.h"
#include "common/language/message_file.h"

namespace countersign {

// One of the fixed words that a message chooses by: {period, select, year {…} other {…}}.
struct Choice {
  absl::string_view word;
};

// A named value of a message. Text is shown as it is, and where the language is written from right to left it is
// isolated, so that a name in other letters does not turn the sentence around.
struct MessageArg {
  absl::string_view name;
  std::variant<int64_t, Choice, std::string> value;
};
using MessageArgs = std::initializer_list<MessageArg>;

// Immutable, thread-safe, and lives as long as the program.
class Language {
 public:
  // Of a file of messages. Error: INVALID_ARGUMENT when it is none, or names a locale that ICU does not know.
  static absl::StatusOr<std::unique_ptr<const Language>> Read(absl::string_view file);
  ~Language();

  const std::string& code() const { return Text("language.code"); }            // BCP 47: "de"
  const std::string& direction() const { return Text("language.direction"); }  // "ltr" or "rtl"
  const std::string& name() const { return Text("language.name"); }            // In the language itself.
  const Messages& messages() const { return messages_; }

  // The message as it is; "?" for a key that the file does not have.
  const std::string& Text(absl::string_view key) const;
  // The message with its values, by the language's rules of plurals.
  std::string Format(absl::string_view key, MessageArgs args) const;

  std::string MoneyText(const Money& money) const;  // "$2,775.00"; fractions of the minor unit are shown as well.
  std::string DateText(Date date) const;            // "1 June 2009"
  std::string TimeText(absl::Time time) const;      // "1 June 2009, 09:00 UTC"
  std::string NumberText(int64_t number) const;     // "12,000"
  std::string PercentText(int64_t ppm) const;       // "17.5%", of millionths.
  std::string CountryText(absl::string_view code) const;

  // The codes with the names of their countries, sorted by name as the language sorts.
  std::vector<std::pair<std::string, std::string>> SortedCountries(absl::Span<const absl::string_view> codes) const;

 private:
  struct Formats;
  Language(Messages messages, std::unique_ptr<Formats> formats);

  const Messages messages_;
  const std::unique_ptr<const Formats> formats_;
  const bool right_to_left_;
};

// The languages of the files "<code>.txt" among `files`, in whatever folder: English is the first, and the others
// follow as pages offer them. They live as long as the program. A damaged file ends it, with a word of why: it is a
// part of the program, and a test reads every one.
std::vector<const Language*> LanguagesIn(absl::Span<const EmbeddedFile> files);

// Null for a code of none of `among`. Letter case does not matter.
const Language* FindLanguage(absl::Span<const Language* const> among, absl::string_view code);

}  // namespace countersign

#endif  // COUNTERSIGN_COMMON_LANGUAGE_LANGUAGE_H_
