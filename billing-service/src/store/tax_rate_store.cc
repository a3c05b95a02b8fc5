#include "billing-service/src/store/tax_rate_store.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kTaxRates = {
    .name = "tax_rates",
    .key = "tax_rate_id",
    .fixed = "region_code, effective_date, rate_ppm, rounding, tax_date, reverse_charge, create_time"};

constexpr absl::string_view kOfRegion = "WHERE region_code = ? ORDER BY effective_date";
constexpr absl::string_view kAllRates = "WHERE 1 = 1 ORDER BY region_code, effective_date";

TaxRate TaxRateOf(mysql::RowReader& row) {
  TaxRate rate;
  rate.id = row.Id();
  rate.region = row.Text();
  rate.effective_date = row.Day();
  rate.rate_ppm = row.Int();
  rate.rounding = row.Enumerated(kTaxRoundings);
  rate.tax_date = row.Enumerated(kTaxDates);
  rate.reverse_charge = row.Bool();
  rate.create_time = row.Time();
  return rate;
}

}  // namespace

std::vector<mysql::FilterField> TaxRateFilterFields() {
  using enum mysql::FilterType;
  return {{"region_code", "region_code", kAscii},
          {"effective_date", "effective_date", kDate},
          {"create_time", "create_time", kTime}};
}

absl::StatusOr<TaxRate> TaxRateStore::Get(absl::Time deadline, const Uuid& tax_rate) const {
  ASSIGN_OR_RETURN(std::optional<TaxRate> found,
                   mysql::FindOne<TaxRate>(database_, deadline, kTaxRates, {tax_rate}, TaxRateOf));
  if (found.has_value()) return *std::move(found);
  return NotFound("TAX_RATE_NOT_FOUND", "There is no such tax rate.", {{"taxRate", tax_rate.ToString()}});
}

absl::StatusOr<mysql::Page<TaxRate>> TaxRateStore::List(absl::Time deadline, const mysql::PageQuery& query) const {
  return mysql::ListByTime<TaxRate>(database_, deadline, {.table = kTaxRates, .id = "tax_rate_id"}, {}, query,
                                    TaxRateOf, [](const TaxRate& rate) {
                                      return mysql::TimePosition{rate.create_time, rate.id};
                                    });
}

absl::StatusOr<std::vector<TaxRate>> TaxRateStore::ReadOfRegion(absl::Time deadline, absl::string_view region) const {
  return mysql::ListBy<TaxRate>(database_, deadline, mysql::SelectFrom(kTaxRates, kOfRegion), {region}, TaxRateOf);
}

absl::StatusOr<std::vector<TaxRate>> TaxRateStore::RatesOf(absl::Time deadline, absl::string_view region) const {
  ASSIGN_OR_RETURN(const auto all, remembered_.Get([&] {
    return mysql::ListBy<TaxRate>(database_, deadline, mysql::SelectFrom(kTaxRates, kAllRates), {}, TaxRateOf);
  }));
  std::vector<TaxRate> rates;
  for (const TaxRate& rate : *all) {
    if (rate.region == region) rates.push_back(rate);
  }
  return rates;
}

void TaxRateStore::Forget() const { remembered_.Forget(); }

mysql::RowWrite TaxRateStore::Row(const TaxRate& rate) {
  return mysql::Insert(kTaxRates, {rate.id, rate.region, rate.effective_date, rate.rate_ppm, NameOf(rate.rounding),
                                   NameOf(rate.tax_date), rate.reverse_charge, rate.create_time});
}

}  // namespace countersign::billing
