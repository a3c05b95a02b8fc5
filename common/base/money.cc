#include "common/base/money.h"

#include <cstdlib>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign {
namespace {

using Int128 = __int128;
using Uint128 = unsigned __int128;

// Source: ISO 4217 list one (SIX, the maintenance agency), as published on 2026-01-01. Codes without a minor unit there
// ("N.A.": metals, XDR, XTS, XXX and the like) are no money that an invoice can be in, and are left out.
constexpr absl::string_view kNoDigits = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
constexpr absl::string_view kThreeDigits = "BHD IQD JOD KWD LYD OMR TND";
constexpr absl::string_view kFourDigits = "CLF UYW";
constexpr absl::string_view kTwoDigits =
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW "
    "CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF "
    "IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK "
    "MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP "
    "SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG "
    "YER ZAR ZMW ZWG";

bool IsCode(absl::string_view text) {
  if (text.size() != 3) return false;
  for (char c : text) {
    if (!absl::ascii_isupper(static_cast<unsigned char>(c))) return false;
  }
  return true;
}

// Three capital letters cannot match across the blank between two codes, so a plain search is exact.
bool Lists(absl::string_view codes, absl::string_view code) { return codes.find(code) != absl::string_view::npos; }

absl::Status OutOfRange() {
  return Error(absl::StatusCode::kOutOfRange, "AMOUNT_OUT_OF_RANGE", "the amount is beyond 10^12 units");
}

absl::Status CurrenciesDiffer(const Money& a, const Money& b) {
  return Error(absl::StatusCode::kInvalidArgument, "CURRENCY_MISMATCH",
               absl::StrCat("the currencies differ: ", a.currency(), " and ", b.currency()),
               {{"currency", a.currency()}, {"other_currency", b.currency()}});
}

// The smallest amount of a currency with `digits` decimals, in micros.
int64_t Quantum(int digits) {
  int64_t quantum = Money::kMicrosPerUnit;
  for (int i = 0; i < digits; ++i) quantum /= 10;
  return quantum;
}

// product ÷ denominator, rounded half away from zero to a multiple of `quantum`. Compares the remainder instead of
// adding half the divisor, so that nothing overflows on the way. False when the result does not fit 64 bits.
bool DivideRound(Int128 product, int64_t denominator, int64_t quantum, int64_t* result) {
  const Uint128 magnitude = product < 0 ? -static_cast<Uint128>(product) : static_cast<Uint128>(product);
  const Uint128 divisor = static_cast<Uint128>(denominator) * static_cast<Uint128>(quantum);
  Uint128 steps = magnitude / divisor;
  const Uint128 remainder = magnitude % divisor;
  if (remainder >= divisor - remainder) ++steps;
  const bool negative = product < 0;
  constexpr Uint128 kLargest = std::numeric_limits<int64_t>::max();
  if (steps > (kLargest + (negative ? 1 : 0)) / static_cast<Uint128>(quantum)) return false;
  const Int128 rounded = static_cast<Int128>(steps) * quantum;
  *result = static_cast<int64_t>(negative ? -rounded : rounded);
  return true;
}

std::string GroupThousands(int64_t units) {
  std::string digits = absl::StrCat(units);
  for (int i = static_cast<int>(digits.size()) - 3; i > 0; i -= 3) digits.insert(i, ",");
  return digits;
}

// The amount without sign and currency.
std::string Magnitude(const Money& money, bool grouped) {
  const int64_t micros = std::abs(money.micros());
  const int64_t units = micros / Money::kMicrosPerUnit;
  std::string text = grouped ? GroupThousands(units) : absl::StrCat(units);
  const size_t least = MinorUnitDigits(money.currency()).value_or(0);
  std::string fraction = absl::StrFormat("%06d", micros % Money::kMicrosPerUnit);
  while (fraction.size() > least && fraction.back() == '0') fraction.pop_back();
  if (!fraction.empty()) absl::StrAppend(&text, ".", fraction);
  return text;
}

}  // namespace

absl::StatusOr<int> MinorUnitDigits(absl::string_view currency) {
  if (IsCode(currency)) {
    if (Lists(kTwoDigits, currency)) return 2;
    if (Lists(kNoDigits, currency)) return 0;
    if (Lists(kThreeDigits, currency)) return 3;
    if (Lists(kFourDigits, currency)) return 4;
  }
  return Error(absl::StatusCode::kInvalidArgument, "UNKNOWN_CURRENCY",
               "the currency must be an active ISO 4217 code in capitals, such as USD");
}

absl::StatusOr<int64_t> MultiplyDivideRound(int64_t value, int64_t numerator, int64_t denominator, int64_t quantum) {
  int64_t result = 0;
  if (!DivideRound(static_cast<Int128>(value) * numerator, denominator, quantum, &result)) return OutOfRange();
  return result;
}

absl::StatusOr<Money> Money::FromMicros(int64_t micros, absl::string_view currency) {
  RETURN_IF_ERROR(MinorUnitDigits(currency).status());
  if (micros > kMaxMicros || micros < -kMaxMicros) return OutOfRange();
  return Money(micros, currency);
}

absl::StatusOr<Money> Money::FromUnitsAndNanos(int64_t units, int32_t nanos, absl::string_view currency) {
  constexpr int64_t kMaxUnits = kMaxMicros / kMicrosPerUnit;
  if (nanos > 999'999'999 || nanos < -999'999'999) {
    return Error(absl::StatusCode::kInvalidArgument, "INVALID_MONEY", "nanos must be from -999,999,999 to 999,999,999");
  }
  if ((units > 0 && nanos < 0) || (units < 0 && nanos > 0)) {
    return Error(absl::StatusCode::kInvalidArgument, "INVALID_MONEY", "units and nanos must have the same sign");
  }
  if (nanos % 1000 != 0) {
    return Error(absl::StatusCode::kInvalidArgument, "INVALID_MONEY", "nanos must be a multiple of 1,000");
  }
  RETURN_IF_ERROR(MinorUnitDigits(currency).status());
  if (units > kMaxUnits || units < -kMaxUnits) return OutOfRange();
  return FromMicros(units * kMicrosPerUnit + nanos / 1000, currency);
}

absl::StatusOr<Money> Money::Zero(absl::string_view currency) { return FromMicros(0, currency); }

// Two amounts within ±kMaxMicros (10^18) cannot overflow 64 bits when added; FromMicros refuses what is beyond.
absl::StatusOr<Money> Money::Plus(const Money& other) const {
  if (currency_ != other.currency_) return CurrenciesDiffer(*this, other);
  return FromMicros(micros_ + other.micros_, currency_);
}

absl::StatusOr<Money> Money::Minus(const Money& other) const { return Plus(other.Negated()); }

Money Money::Negated() const { return Money(-micros_, currency_); }

absl::StatusOr<Money> Money::TimesRounded(int64_t quantity, int64_t numerator, int64_t denominator) const {
  ASSIGN_OR_RETURN(const int digits, MinorUnitDigits(currency_));
  Int128 product = 0;
  int64_t micros = 0;
  if (__builtin_mul_overflow(static_cast<Int128>(micros_) * quantity, static_cast<Int128>(numerator), &product) ||
      !DivideRound(product, denominator, Quantum(digits), &micros)) {
    return OutOfRange();
  }
  return FromMicros(micros, currency_);
}

absl::StatusOr<std::vector<Money>> Money::SplitCumulatively(const std::vector<int64_t>& shares) const {
  ASSIGN_OR_RETURN(const int digits, MinorUnitDigits(currency_));
  int64_t sum = 0;
  for (int64_t share : shares) {
    if (share < 0) return Error(absl::StatusCode::kInvalidArgument, "INVALID_SHARES", "no share may be negative");
    if (__builtin_add_overflow(sum, share, &sum)) return OutOfRange();
  }
  if (sum == 0) return Error(absl::StatusCode::kInvalidArgument, "INVALID_SHARES", "the shares must not all be zero");
  std::vector<Money> parts;
  int64_t first_shares = 0;
  int64_t before = 0;
  for (int64_t share : shares) {
    first_shares += share;
    int64_t so_far = micros_;  // With all shares: exact, even where the total is finer than the minor unit.
    if (first_shares != sum) {
      ASSIGN_OR_RETURN(so_far, MultiplyDivideRound(micros_, first_shares, sum, Quantum(digits)));
    }
    parts.push_back(Money(so_far - before, currency_));
    before = so_far;
  }
  return parts;
}

std::string Money::ToString() const {
  return absl::StrCat(micros_ < 0 ? "-" : "", Magnitude(*this, false), " ", currency_);
}

std::string Money::ToDisplayString() const {
  const absl::string_view sign = micros_ < 0 ? "-" : "";
  const std::string amount = Magnitude(*this, true);
  if (currency_ == "USD") return absl::StrCat(sign, "$", amount);
  return absl::StrCat(sign, amount, " ", currency_);
}

}  // namespace countersign
