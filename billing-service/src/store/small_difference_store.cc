#include "billing-service/src/store/small_difference_store.h"

#include <optional>
#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kSmallDifferences = {.name = "small_differences",
                                            .key = "small_difference_id",
                                            .fixed = "currency, effective_date, limit_micros, create_time"};

constexpr absl::string_view kOfCurrency = "WHERE currency = ? ORDER BY effective_date";
constexpr absl::string_view kAllVersions = "WHERE 1 = 1 ORDER BY currency, effective_date";

SmallDifference SmallDifferenceOf(mysql::RowReader& row) {
  SmallDifference version;
  version.id = row.Id();
  const std::string currency = row.Text();
  version.effective_date = row.Day();
  version.limit = row.Amount(currency);
  version.create_time = row.Time();
  return version;
}

}  // namespace

std::vector<mysql::FilterField> SmallDifferenceFilterFields() {
  using enum mysql::FilterType;
  return {{"currency_code", "currency", kAscii},
          {"effective_date", "effective_date", kDate},
          {"create_time", "create_time", kTime}};
}

absl::StatusOr<SmallDifference> SmallDifferenceStore::Get(absl::Time deadline, const Uuid& small_difference) const {
  ASSIGN_OR_RETURN(
      std::optional<SmallDifference> found,
      mysql::FindOne<SmallDifference>(database_, deadline, kSmallDifferences, {small_difference}, SmallDifferenceOf));
  if (found.has_value()) return *std::move(found);
  return NotFound("SMALL_DIFFERENCE_NOT_FOUND", "There is no such small difference.",
                  {{"smallDifference", small_difference.ToString()}});
}

absl::StatusOr<mysql::Page<SmallDifference>> SmallDifferenceStore::List(absl::Time deadline,
                                                                        const mysql::PageQuery& query) const {
  return mysql::ListByTime<SmallDifference>(database_, deadline,
                                            {.table = kSmallDifferences, .id = "small_difference_id"}, {}, query,
                                            SmallDifferenceOf, [](const SmallDifference& version) {
                                              return mysql::TimePosition{version.create_time, version.id};
                                            });
}

absl::StatusOr<std::vector<SmallDifference>> SmallDifferenceStore::ReadOfCurrency(absl::Time deadline,
                                                                                  absl::string_view currency) const {
  return mysql::ListBy<SmallDifference>(database_, deadline, mysql::SelectFrom(kSmallDifferences, kOfCurrency),
                                        {currency}, SmallDifferenceOf);
}

absl::StatusOr<int64_t> SmallDifferenceStore::LimitOn(absl::Time deadline, absl::string_view currency,
                                                      Date date) const {
  ASSIGN_OR_RETURN(const auto all, remembered_.Get([&] {
    return mysql::ListBy<SmallDifference>(database_, deadline, mysql::SelectFrom(kSmallDifferences, kAllVersions), {},
                                          SmallDifferenceOf);
  }));
  return billing::LimitOn(*all, currency, date);
}

void SmallDifferenceStore::Forget() const { remembered_.Forget(); }

mysql::RowWrite SmallDifferenceStore::Row(const SmallDifference& version) {
  return mysql::Insert(kSmallDifferences, {version.id, version.limit.currency(), version.effective_date,
                                           version.limit.micros(), version.create_time});
}

}  // namespace countersign::billing
