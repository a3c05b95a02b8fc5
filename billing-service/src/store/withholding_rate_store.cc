#include "billing-service/src/store/withholding_rate_store.h"

#include "common/base/error.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kWithholdingRates = {.name = "withholding_rates",
                                            .key = "withholding_rate_id",
                                            .fixed = "region, tax_form, effective_date, basis_points, create_time"};

WithholdingRate WithholdingRateOf(mysql::RowReader& row) {
  WithholdingRate version;
  version.id = row.Id();
  version.region = row.Text();
  version.tax_form = row.Text();
  version.effective_date = row.Day();
  version.basis_points = row.Int();
  version.create_time = row.Time();
  return version;
}

absl::Status WithholdingRateNotFound(const Uuid& id) {
  return NotFound("WITHHOLDING_RATE_NOT_FOUND", "There is no such withholding rate.",
                  {{"withholdingRate", id.ToString()}});
}

}  // namespace

std::vector<mysql::FilterField> WithholdingRateFilterFields() {
  using enum mysql::FilterType;
  return {{"region_code", "region", kAscii},
          {"tax_form_kind", "tax_form", kAscii},
          {"effective_date", "effective_date", kDate},
          {"create_time", "create_time", kTime}};
}

WithholdingRateStore::WithholdingRateStore(mysql::Database& database)
    : VersionStore(database, {.table = kWithholdingRates,
                              .kind = "region",
                              .version_of = WithholdingRateOf,
                              .not_found = WithholdingRateNotFound}) {}

mysql::RowWrite WithholdingRateStore::Row(const WithholdingRate& version) {
  return mysql::Insert(kWithholdingRates, {version.id, version.region, version.tax_form, version.effective_date,
                                           version.basis_points, version.create_time});
}

}  // namespace countersign::billing
