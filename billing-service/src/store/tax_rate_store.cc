#include "billing-service/src/store/tax_rate_store.h"

#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kTaxRates = {
    .name = "tax_rates",
    .key = "tax_rate_id",
    .fixed = "region_code, effective_date, rate_ppm, rounding, tax_date, reverse_charge, create_time"};

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

absl::Status TaxRateNotFound(const Uuid& id) {
  return NotFound("TAX_RATE_NOT_FOUND", "There is no such tax rate.", {{"taxRate", id.ToString()}});
}

}  // namespace

std::vector<mysql::FilterField> TaxRateFilterFields() {
  using enum mysql::FilterType;
  return {{"region_code", "region_code", kAscii},
          {"effective_date", "effective_date", kDate},
          {"create_time", "create_time", kTime}};
}

TaxRateStore::TaxRateStore(mysql::Database& database)
    : VersionStore(database,
                   {.table = kTaxRates, .kind = "region_code", .version_of = TaxRateOf, .not_found = TaxRateNotFound}) {
}

absl::StatusOr<std::vector<TaxRate>> TaxRateStore::RatesOf(absl::Time deadline, absl::string_view region) const {
  ASSIGN_OR_RETURN(const auto all, Recall(deadline));
  std::vector<TaxRate> rates;
  for (const TaxRate& rate : *all) {
    if (rate.region == region) rates.push_back(rate);
  }
  return rates;
}

mysql::RowWrite TaxRateStore::Row(const TaxRate& rate) {
  return mysql::Insert(kTaxRates, {rate.id, rate.region, rate.effective_date, rate.rate_ppm, NameOf(rate.rounding),
                                   NameOf(rate.tax_date), rate.reverse_charge, rate.create_time});
}

}  // namespace countersign::billing
