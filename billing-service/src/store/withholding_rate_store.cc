#include "billing-service/src/store/withholding_rate_store.h"

#include <optional>
#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kWithholdingRates = {.name = "withholding_rates",
                                            .key = "withholding_rate_id",
                                            .fixed = "region, tax_form, effective_date, basis_points, create_time"};

constexpr absl::string_view kWithholdingOfRegion = "WHERE region = ? ORDER BY tax_form, effective_date";

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

}  // namespace

std::vector<mysql::FilterField> WithholdingRateFilterFields() {
  using enum mysql::FilterType;
  return {{"region_code", "region", kAscii},
          {"tax_form_kind", "tax_form", kAscii},
          {"effective_date", "effective_date", kDate},
          {"create_time", "create_time", kTime}};
}

absl::StatusOr<WithholdingRate> WithholdingRateStore::Get(absl::Time deadline, const Uuid& withholding_rate) const {
  ASSIGN_OR_RETURN(
      std::optional<WithholdingRate> found,
      mysql::FindOne<WithholdingRate>(database_, deadline, kWithholdingRates, {withholding_rate}, WithholdingRateOf));
  if (found.has_value()) return *std::move(found);
  return NotFound("WITHHOLDING_RATE_NOT_FOUND", "There is no such withholding rate.",
                  {{"withholdingRate", withholding_rate.ToString()}});
}

absl::StatusOr<mysql::Page<WithholdingRate>> WithholdingRateStore::List(absl::Time deadline,
                                                                        const mysql::PageQuery& query) const {
  return mysql::ListByTime<WithholdingRate>(database_, deadline,
                                            {.table = kWithholdingRates, .id = "withholding_rate_id"}, {}, query,
                                            WithholdingRateOf, [](const WithholdingRate& version) {
                                              return mysql::TimePosition{version.create_time, version.id};
                                            });
}

absl::StatusOr<std::vector<WithholdingRate>> WithholdingRateStore::ReadOfRegion(absl::Time deadline,
                                                                                absl::string_view region) const {
  return mysql::ListBy<WithholdingRate>(database_, deadline, mysql::SelectFrom(kWithholdingRates, kWithholdingOfRegion),
                                        {region}, WithholdingRateOf);
}

mysql::RowWrite WithholdingRateStore::Row(const WithholdingRate& version) {
  return mysql::Insert(kWithholdingRates, {version.id, version.region, version.tax_form, version.effective_date,
                                           version.basis_points, version.create_time});
}

}  // namespace countersign::billing
