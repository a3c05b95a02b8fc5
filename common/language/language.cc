#include "common/language/language.h"

#include <unicode/coll.h>
#include <unicode/datefmt.h>
#include <unicode/locid.h>
#include <unicode/measunit.h>
#include <unicode/msgfmt.h>
#include <unicode/numberformatter.h>
#include <unicode/timezone.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace countersign {
namespace {

// In the order of LanguagesIn.
constexpr absl::string_view kLanguages[] = {"en", "de", "fr", "ja", "ar"};

constexpr char kIsolate[] = "\u2068", kEndOfIsolate[] = "\u2069";
constexpr int kMaxDecimals = 6;  // A micro is the smallest amount.

icu::UnicodeString FromUtf8(absl::string_view text) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
}

std::string ToUtf8(const icu::UnicodeString& text) {
  std::string utf8;
  text.toUTF8String(utf8);
  return utf8;
}

icu::Locale LocaleOf(const Messages& messages, absl::string_view key, UErrorCode& error) {
  const auto found = messages.find(key);
  return found == messages.end() ? icu::Locale() : icu::Locale::forLanguageTag(found->second, error);
}

// Parsing a pattern costs more than formatting it, and a parsed one is not for two threads at once.
icu::MessageFormat* ParsedMessage(const std::string& pattern, const icu::Locale& locale, UErrorCode& error) {
  static thread_local std::map<const std::string*, std::unique_ptr<icu::MessageFormat>> parsed;
  std::unique_ptr<icu::MessageFormat>& format = parsed[&pattern];
  if (format == nullptr) format = std::make_unique<icu::MessageFormat>(FromUtf8(pattern), locale, error);
  return format.get();
}

}  // namespace

struct Language::Formats {
  icu::Locale locale;
  icu::number::LocalizedNumberFormatter number;
  std::unique_ptr<icu::DateFormat> date;
  std::unique_ptr<icu::Collator> collator;

  // Made once for each thread: making one costs far more than using it.
  const icu::number::LocalizedNumberFormatter& OfCurrency(const std::string& code) const;
};

Language::Language(Messages messages, std::unique_ptr<Formats> formats)
    : messages_(std::move(messages)), formats_(std::move(formats)), right_to_left_(direction() == "rtl") {}

Language::~Language() = default;

absl::StatusOr<std::unique_ptr<const Language>> Language::Read(absl::string_view file) {
  absl::StatusOr<Messages> messages = ParseMessages(file);
  if (!messages.ok()) return messages.status();
  UErrorCode error = U_ZERO_ERROR;
  auto formats = std::make_unique<Formats>();
  formats->locale = LocaleOf(*messages, "language.locale", error);
  formats->number = icu::number::NumberFormatter::withLocale(formats->locale);
  const icu::Locale of_dates = LocaleOf(*messages, "language.locale_of_dates", error);
  formats->date.reset(icu::DateFormat::createDateInstance(icu::DateFormat::kLong, of_dates));
  formats->collator.reset(icu::Collator::createInstance(formats->locale, error));
  if (U_FAILURE(error) || formats->date == nullptr || formats->collator == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat("ICU does not know the file's locales: ", u_errorName(error)));
  }
  formats->date->setTimeZone(*icu::TimeZone::getGMT());
  return std::unique_ptr<const Language>(new Language(*std::move(messages), std::move(formats)));
}

const std::string& Language::Text(absl::string_view key) const {
  static const auto* const kUnknown = new std::string("?");
  const auto found = messages_.find(key);
  return found == messages_.end() ? *kUnknown : found->second;
}

std::string Language::Format(absl::string_view key, MessageArgs args) const {
  std::vector<icu::UnicodeString> names;
  std::vector<icu::Formattable> values;
  for (const MessageArg& arg : args) {
    names.push_back(FromUtf8(arg.name));
    if (const auto* number = std::get_if<int64_t>(&arg.value)) {
      values.emplace_back(*number);
    } else if (const auto* choice = std::get_if<Choice>(&arg.value)) {
      values.emplace_back(FromUtf8(choice->word));
    } else {
      const auto& text = std::get<std::string>(arg.value);
      values.emplace_back(FromUtf8(right_to_left_ ? absl::StrCat(kIsolate, text, kEndOfIsolate) : text));
    }
  }
  UErrorCode error = U_ZERO_ERROR;
  const icu::MessageFormat* const format = ParsedMessage(Text(key), formats_->locale, error);
  icu::UnicodeString text;
  if (U_SUCCESS(error)) format->format(names.data(), values.data(), static_cast<int32_t>(names.size()), text, error);
  return U_SUCCESS(error) ? ToUtf8(text) : Text(key);  // A test formats every message.
}

const icu::number::LocalizedNumberFormatter& Language::Formats::OfCurrency(const std::string& code) const {
  static thread_local std::map<std::pair<const Formats*, std::string>, icu::number::LocalizedNumberFormatter> made;
  const auto [found, is_new] = made.try_emplace({this, code});
  if (!is_new) return found->second;
  UErrorCode error = U_ZERO_ERROR;
  const std::u16string name(code.begin(), code.end());
  const int decimals = MinorUnitDigits(code).value_or(0);
  found->second = number.unit(icu::CurrencyUnit(name.c_str(), error))
                      .precision(icu::number::Precision::minMaxFraction(decimals, std::max(decimals, kMaxDecimals)));
  // Signs such as "US$" fall apart among letters that run the other way; the currency's code does not.
  if (locale.isRightToLeft()) found->second = found->second.unitWidth(UNUM_UNIT_WIDTH_ISO_CODE);
  return found->second;
}

std::string Language::MoneyText(const Money& money) const {
  if (money.currency().empty()) return "";
  UErrorCode error = U_ZERO_ERROR;
  // Exactly: the amount is given as a decimal number, never as a floating one.
  const std::string amount = absl::StrCat(money.micros(), "E-6");
  const icu::number::FormattedNumber text = formats_->OfCurrency(money.currency()).formatDecimal(amount, error);
  const std::string shown = U_SUCCESS(error) ? ToUtf8(text.toString(error)) : "";
  return U_SUCCESS(error) ? shown : money.ToDisplayString();
}

std::string Language::DateText(Date date) const {
  icu::UnicodeString text;
  formats_->date->format(static_cast<double>(absl::ToUnixMillis(StartOf(date))), text);
  return ToUtf8(text);
}

std::string Language::TimeText(absl::Time time) const {
  return Format("format.time",
                {{"date", DateText(DateOf(time))}, {"time", absl::FormatTime("%H:%M", time, absl::UTCTimeZone())}});
}

std::string Language::NumberText(int64_t number) const {
  UErrorCode error = U_ZERO_ERROR;
  return ToUtf8(formats_->number.formatInt(number, error).toString(error));
}

std::string Language::CountryText(absl::string_view code) const {
  icu::UnicodeString name;
  icu::Locale("", std::string(code).c_str()).getDisplayCountry(formats_->locale, name);
  return ToUtf8(name);
}

std::string Language::PercentText(int64_t ppm) const {
  UErrorCode error = U_ZERO_ERROR;
  const icu::number::LocalizedNumberFormatter percent =
      formats_->number.unit(icu::MeasureUnit::getPercent())
          .precision(icu::number::Precision::maxFraction(kMaxDecimals));
  return ToUtf8(percent.formatDecimal(absl::StrCat(ppm, "E-4"), error).toString(error));
}

std::vector<std::pair<std::string, std::string>> Language::SortedCountries(
    absl::Span<const absl::string_view> codes) const {
  std::vector<std::pair<std::string, std::string>> countries;
  for (const absl::string_view code : codes) countries.emplace_back(code, CountryText(code));
  std::sort(countries.begin(), countries.end(), [&](const auto& a, const auto& b) {
    UErrorCode error = U_ZERO_ERROR;
    return formats_->collator->compare(FromUtf8(a.second), FromUtf8(b.second), error) == UCOL_LESS;
  });
  return countries;
}

std::vector<const Language*> LanguagesIn(absl::Span<const EmbeddedFile> files) {
  std::vector<const Language*> all;
  for (const absl::string_view code : kLanguages) {
    for (const EmbeddedFile& file : files) {
      const absl::string_view name(file.name.data(), file.name.size());
      if (name.substr(name.rfind('/') + 1) != absl::StrCat(code, ".txt")) continue;
      absl::StatusOr<std::unique_ptr<const Language>> language =
          Language::Read({file.contents.data(), file.contents.size()});
      if (!language.ok()) {
        std::cerr << file.name << ": " << language.status().message() << "\n";
        std::abort();
      }
      all.push_back(language->release());
    }
  }
  return all;
}

const Language* FindLanguage(absl::Span<const Language* const> among, absl::string_view code) {
  for (const Language* language : among) {
    if (absl::EqualsIgnoreCase(language->code(), code)) return language;
  }
  return nullptr;
}

}  // namespace countersign
