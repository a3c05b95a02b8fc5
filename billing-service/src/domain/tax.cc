#include "billing-service/src/domain/tax.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "billing-service/src/domain/new_version.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr int64_t kPpmOfPercent = 10'000;

// net × rate, rounded to the minor unit.
absl::StatusOr<Money> TaxOf(const Money& net, const TaxRate& rate) {
  ASSIGN_OR_RETURN(const Money rounded, net.TimesRounded(1, rate.rate_ppm, kWholeInPpm));
  if (rate.rounding == TaxRounding::kHalfUp) return rounded;
  // Down: one minor unit less where half up went beyond the exact product.
  const auto exact = static_cast<__int128>(net.micros()) * rate.rate_ppm;
  if (static_cast<__int128>(rounded.micros()) * kWholeInPpm <= exact) return rounded;
  ASSIGN_OR_RETURN(const int digits, MinorUnitDigits(net.currency()));
  int64_t unit = Money::kMicrosPerUnit;
  for (int i = 0; i < digits; ++i) unit /= 10;
  return Money::FromMicros(rounded.micros() - unit, net.currency());
}

}  // namespace

std::string PercentOfPpm(int64_t ppm) {
  std::string text = absl::StrFormat("%d.%04d", ppm / kPpmOfPercent, ppm % kPpmOfPercent);
  text.erase(text.find_last_not_of('0') + 1);
  return std::string(absl::StripSuffix(text, "."));
}

Uuid TaxRateId(absl::string_view region, Date effective_date) {
  return Uuid::Derived({"tax rate", region, FormatDate(effective_date)});
}

absl::Status CheckNewRate(const TaxRate& rate, const std::vector<TaxRate>& rates, Date today) {
  return CheckBegins(rate, rates, today, /*first_is_free=*/true,
                     {.exists_reason = "TAX_RATE_EXISTS",
                      .exists = "The region has a tax rate",
                      .past_reason = "TAX_RATE_IN_THE_PAST",
                      .begins = "The region has tax rates, so a new one begins",
                      .about = {{"region", rate.region}}});
}

TaxProfile Update(TaxProfile profile, const std::optional<std::string>& tax_id,
                  const std::optional<std::string>& exemption) {
  if (tax_id.has_value() && *tax_id != profile.tax_id) {
    profile.tax_id = *tax_id;
    profile.validation_date.reset();
  }
  if (exemption.has_value()) profile.exemption = *exemption;
  return profile;
}

absl::StatusOr<TaxProfile> Validate(TaxProfile profile, Date today) {
  if (profile.tax_id.empty()) {
    return FailedPrecondition("TAX_ID_MISSING", "The account has no tax id. Set it with UpdateTaxProfile first.");
  }
  profile.validation_date = today;
  return profile;
}

TaxTable::TaxTable(std::string region, std::vector<TaxRate> rates, TaxProfile profile)
    : region_(std::move(region)), rates_(std::move(rates)), profile_(std::move(profile)) {
  std::sort(rates_.begin(), rates_.end(),
            [](const TaxRate& a, const TaxRate& b) { return a.effective_date > b.effective_date; });
}

const TaxRate* TaxTable::RateOn(Date date) const {
  for (const TaxRate& rate : rates_) {
    if (rate.effective_date <= date) return &rate;
  }
  return nullptr;
}

const TaxRate* TaxTable::RateOf(Date issue_date, const TaxableLine& line) const {
  // The policy is that of the day of the invoice.
  const TaxRate* const today = RateOn(issue_date);
  if (today == nullptr || today->tax_date == TaxDate::kInvoiceDate) return today;
  return RateOn(line.last_service_date);
}

absl::StatusOr<std::vector<LineTax>> TaxTable::Tax(Date issue_date, const std::vector<TaxableLine>& lines) const {
  struct SoFar {
    Money net;
    Money tax;
  };
  std::map<const TaxRate*, SoFar> by_rate;
  std::vector<LineTax> taxes;
  for (const TaxableLine& line : lines) {
    LineTax result;
    ASSIGN_OR_RETURN(result.tax, Money::Zero(line.net.currency()));
    const TaxRate* const rate = RateOf(issue_date, line);
    if (rate != nullptr && !profile_.exemption.empty()) {
      result.treatment = TaxTreatment::kExempt;
    } else if (rate != nullptr && rate->reverse_charge && profile_.validation_date.has_value() &&
               *profile_.validation_date <= issue_date) {
      result.treatment = TaxTreatment::kReverseCharge;
    } else if (rate != nullptr) {
      result.treatment = TaxTreatment::kTaxed;
      result.rate_ppm = rate->rate_ppm;
      const auto [found, is_new] = by_rate.try_emplace(rate, SoFar{result.tax, result.tax});
      SoFar& so_far = found->second;
      ASSIGN_OR_RETURN(so_far.net, so_far.net.Plus(line.net));
      ASSIGN_OR_RETURN(const Money total, TaxOf(so_far.net, *rate));
      ASSIGN_OR_RETURN(result.tax, total.Minus(so_far.tax));
      so_far.tax = total;
    }
    taxes.push_back(std::move(result));
  }
  return taxes;
}

}  // namespace countersign::billing
