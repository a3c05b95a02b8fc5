#include "billing-service/src/store/dunning_ladder_store.h"

#include <optional>
#include <utility>

#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kDunningLadders = {
    .name = "dunning_ladders", .key = "ladder_id", .fixed = "effective_date, rungs, create_time"};

constexpr absl::string_view kAllLadders = "WHERE 1 = 1 ORDER BY effective_date";

DunningLadder DunningLadderOf(mysql::RowReader& row) {
  DunningLadder ladder;
  ladder.id = row.Id();
  ladder.effective_date = row.Day();
  ladder.rungs = row.Parsed(RungsOf);
  ladder.create_time = row.Time();
  return ladder;
}

}  // namespace

std::vector<mysql::FilterField> DunningLadderFilterFields() {
  using enum mysql::FilterType;
  return {{"effective_date", "effective_date", kDate}, {"create_time", "create_time", kTime}};
}

absl::StatusOr<DunningLadder> DunningLadderStore::Get(absl::Time deadline, const Uuid& ladder) const {
  ASSIGN_OR_RETURN(std::optional<DunningLadder> found,
                   mysql::FindOne<DunningLadder>(database_, deadline, kDunningLadders, {ladder}, DunningLadderOf));
  if (found.has_value()) return *std::move(found);
  return NotFound("DUNNING_LADDER_NOT_FOUND", "There is no such dunning ladder.",
                  {{"dunningLadder", ladder.ToString()}});
}

absl::StatusOr<mysql::Page<DunningLadder>> DunningLadderStore::List(absl::Time deadline,
                                                                    const mysql::PageQuery& query) const {
  return mysql::ListByTime<DunningLadder>(database_, deadline, {.table = kDunningLadders, .id = "ladder_id"}, {}, query,
                                          DunningLadderOf, [](const DunningLadder& ladder) {
                                            return mysql::TimePosition{ladder.create_time, ladder.id};
                                          });
}

absl::StatusOr<std::vector<DunningLadder>> DunningLadderStore::ReadAll(absl::Time deadline) const {
  return mysql::ListBy<DunningLadder>(database_, deadline, mysql::SelectFrom(kDunningLadders, kAllLadders), {},
                                      DunningLadderOf);
}

mysql::RowWrite DunningLadderStore::Row(const DunningLadder& ladder) {
  return mysql::Insert(kDunningLadders, {ladder.id, ladder.effective_date, TextOf(ladder.rungs), ladder.create_time});
}

}  // namespace countersign::billing
