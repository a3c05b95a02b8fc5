#include "billing-service/src/store/small_difference_store.h"

#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kSmallDifferences = {.name = "small_differences",
                                            .key = "small_difference_id",
                                            .fixed = "currency, effective_date, limit_micros, create_time"};

SmallDifference SmallDifferenceOf(mysql::RowReader& row) {
  SmallDifference version;
  version.id = row.Id();
  const std::string currency = row.Text();
  version.effective_date = row.Day();
  version.limit = row.Amount(currency);
  version.create_time = row.Time();
  return version;
}

absl::Status SmallDifferenceNotFound(const Uuid& id) {
  return NotFound("SMALL_DIFFERENCE_NOT_FOUND", "There is no such small difference.",
                  {{"smallDifference", id.ToString()}});
}

}  // namespace

std::vector<mysql::FilterField> SmallDifferenceFilterFields() {
  using enum mysql::FilterType;
  return {{"currency_code", "currency", kAscii},
          {"effective_date", "effective_date", kDate},
          {"create_time", "create_time", kTime}};
}

SmallDifferenceStore::SmallDifferenceStore(mysql::Database& database)
    : VersionStore(database, {.table = kSmallDifferences,
                              .kind = "currency",
                              .version_of = SmallDifferenceOf,
                              .not_found = SmallDifferenceNotFound}) {}

absl::StatusOr<int64_t> SmallDifferenceStore::LimitOn(absl::Time deadline, absl::string_view currency,
                                                      Date date) const {
  ASSIGN_OR_RETURN(const auto all, Recall(deadline));
  return billing::LimitOn(*all, currency, date);
}

mysql::RowWrite SmallDifferenceStore::Row(const SmallDifference& version) {
  return mysql::Insert(kSmallDifferences, {version.id, version.limit.currency(), version.effective_date,
                                           version.limit.micros(), version.create_time});
}

}  // namespace countersign::billing
