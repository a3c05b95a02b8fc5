// Exact amounts of money. Integer micros of a unit, an ISO 4217 currency, no floating point; overflow is an error.
#ifndef COUNTERSIGN_COMMON_BASE_MONEY_H_
#define COUNTERSIGN_COMMON_BASE_MONEY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace countersign {

// The decimal digits of the minor unit of an active ISO 4217 currency (USD 2, JPY 0, KWD 3).
// Error: INVALID_ARGUMENT for a code that ISO 4217 does not list as a currency with a minor unit ("XXX", "usd").
absl::StatusOr<int> MinorUnitDigits(absl::string_view currency);

// value × numerator ÷ denominator, rounded half away from zero to a multiple of `quantum`. 128 bits inside.
// Requires denominator > 0 and quantum > 0. Error: OUT_OF_RANGE when the result does not fit 64 bits.
absl::StatusOr<int64_t> MultiplyDivideRound(int64_t value, int64_t numerator, int64_t denominator, int64_t quantum);

// Every Money is within ±kMaxMicros: arithmetic that leaves that range is OUT_OF_RANGE, so a result can always be
// stored.
class Money {
 public:
  static constexpr int64_t kMicrosPerUnit = 1'000'000;
  // The largest magnitude accepted at the edge: 10^12 units.
  static constexpr int64_t kMaxMicros = 1'000'000'000'000 * kMicrosPerUnit;

  Money() = default;  // Zero of no currency; only to be assigned to.

  // Errors: INVALID_ARGUMENT (unknown currency), OUT_OF_RANGE (beyond ±kMaxMicros).
  static absl::StatusOr<Money> FromMicros(int64_t micros, absl::string_view currency);

  // From the parts of google.type.Money. Errors: INVALID_ARGUMENT when units and nanos differ in sign, nanos is
  // outside ±999,999,999 or finer than a micro, the currency is unknown; OUT_OF_RANGE beyond ±10^12 units.
  static absl::StatusOr<Money> FromUnitsAndNanos(int64_t units, int32_t nanos, absl::string_view currency);

  static absl::StatusOr<Money> Zero(absl::string_view currency);

  int64_t micros() const { return micros_; }
  const std::string& currency() const { return currency_; }
  int64_t units() const { return micros_ / kMicrosPerUnit; }
  int32_t nanos() const { return static_cast<int32_t>(micros_ % kMicrosPerUnit) * 1000; }
  bool is_zero() const { return micros_ == 0; }

  // Errors: INVALID_ARGUMENT (currencies differ), OUT_OF_RANGE (beyond ±kMaxMicros).
  absl::StatusOr<Money> Plus(const Money& other) const;
  absl::StatusOr<Money> Minus(const Money& other) const;
  Money Negated() const;

  // this × quantity × numerator ÷ denominator, rounded once, half away from zero, to the currency's minor unit.
  // Requires denominator > 0. Errors: INVALID_ARGUMENT (no currency), OUT_OF_RANGE (beyond ±kMaxMicros).
  absl::StatusOr<Money> TimesRounded(int64_t quantity, int64_t numerator = 1, int64_t denominator = 1) const;

  // Splits this amount in proportion to `shares` (each ≥ 0, sum > 0): part k = round(total × share of the first k) −
  // the parts before, so the parts always add up to this amount. Errors: INVALID_ARGUMENT (shares that break this),
  // OUT_OF_RANGE (their sum overflows).
  absl::StatusOr<std::vector<Money>> SplitCumulatively(const std::vector<int64_t>& shares) const;

  // "375.00 USD", "2930 JPY", "8.953 KWD": at least the minor unit's digits, more only where the amount has them.
  std::string ToString() const;
  // "$375.00" for USD, else ToString(): thousands grouped with commas. For pages and reports.
  std::string ToDisplayString() const;

  friend bool operator==(const Money& a, const Money& b) = default;

 private:
  Money(int64_t micros, absl::string_view currency) : micros_(micros), currency_(currency) {}

  int64_t micros_ = 0;
  std::string currency_;
};

}  // namespace countersign

#endif  // COUNTERSIGN_COMMON_BASE_MONEY_H_
