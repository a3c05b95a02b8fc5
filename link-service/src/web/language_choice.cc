#include "link-service/src/web/language_choice.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace countersign::link::web {
namespace {

// More than any browser sends; what follows is not read.
constexpr size_t kMaxHeader = 1000;
constexpr size_t kMaxRanges = 50;

// In thousandths: "0.8" is 800. -1 for what is no weight (RFC 9110, section 12.4.2).
int WeightOf(absl::string_view text) {
  constexpr size_t kMaxDigits = 3;
  const bool is_one = absl::ConsumePrefix(&text, "1");
  if (!is_one && !absl::ConsumePrefix(&text, "0")) return -1;
  int weight = is_one ? 1000 : 0;
  if (text.empty()) return weight;
  if (!absl::ConsumePrefix(&text, ".") || text.size() > kMaxDigits) return -1;
  int unit = 100;
  for (const char digit : text) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(digit)) || (is_one && digit != '0')) return -1;
    weight += (digit - '0') * unit;
    unit /= 10;
  }
  return weight;
}

struct Range {
  absl::string_view tag;
  int weight = 1000;
};

std::vector<Range> RangesOf(absl::string_view header) {
  std::vector<Range> ranges;
  for (const absl::string_view part : absl::StrSplit(header.substr(0, kMaxHeader), ',')) {
    if (ranges.size() == kMaxRanges) break;
    const std::vector<absl::string_view> pieces = absl::StrSplit(part, ';');
    Range range{.tag = absl::StripAsciiWhitespace(pieces[0])};
    for (size_t i = 1; i < pieces.size(); ++i) {
      absl::string_view weight = absl::StripAsciiWhitespace(pieces[i]);
      range.weight = absl::StartsWithIgnoreCase(weight, "q=") ? WeightOf(weight.substr(2)) : -1;
    }
    if (!range.tag.empty() && range.weight >= 0) ranges.push_back(range);
  }
  return ranges;
}

// "de" of "de-CH".
const Language* LanguageOfTag(absl::string_view tag) { return FindLanguage(tag.substr(0, tag.find('-'))); }

// Of what a person may have copied: "de." and "DE" are "de". Null where it is none of ours.
const Language* Named(absl::string_view code) {
  size_t letters = 0;
  while (letters < code.size() && absl::ascii_isalpha(static_cast<unsigned char>(code[letters]))) ++letters;
  return FindLanguage(code.substr(0, letters));
}

const Language* NamedByUrl(absl::string_view query) {
  for (absl::string_view field : absl::StrSplit(query, '&')) {
    if (absl::ConsumePrefix(&field, "lang=")) return Named(field);
  }
  return nullptr;
}

}  // namespace

const Language& Negotiated(absl::string_view accept_language) {
  const std::vector<Range> ranges = RangesOf(accept_language);
  const Language* best = nullptr;
  int best_weight = 0;
  for (const Range& range : ranges) {
    const Language* const language = range.tag == "*" ? nullptr : LanguageOfTag(range.tag);
    if (language == nullptr || range.weight <= best_weight) continue;
    best = language;
    best_weight = range.weight;
  }
  // "*" is every language that is not named, so the first of ours that is not.
  const auto any = std::find_if(ranges.begin(), ranges.end(), [](const Range& range) { return range.tag == "*"; });
  if (any != ranges.end() && any->weight > best_weight) {
    for (const Language* language : Languages()) {
      const bool named = std::any_of(ranges.begin(), ranges.end(),
                                     [&](const Range& range) { return LanguageOfTag(range.tag) == language; });
      if (!named) return *language;
    }
  }
  return best == nullptr ? English() : *best;
}

const Language& LanguageOf(const HttpRequest& request) {
  const Language* const named = NamedByUrl(request.query);
  return named == nullptr ? Negotiated(request.headers.GetList("Accept-Language")) : *named;
}

const Language& LanguageOf(const HttpRequest& request, const Form& form) {
  const Language* const named = FindLanguage(form.Get("lang"));
  return named == nullptr ? LanguageOf(request) : *named;
}

std::string InLanguage(absl::string_view path, const HttpRequest& request, const Language& language) {
  const bool by_itself = &Negotiated(request.headers.GetList("Accept-Language")) == &language;
  return by_itself ? std::string(path) : absl::StrCat(path, "?lang=", language.code());
}

}  // namespace countersign::link::web
