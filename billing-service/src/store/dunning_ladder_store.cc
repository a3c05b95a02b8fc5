#include "billing-service/src/store/dunning_ladder_store.h"

#include "common/base/error.h"

namespace countersign::billing {
namespace {

constexpr mysql::Table kDunningLadders = {
    .name = "dunning_ladders", .key = "ladder_id", .fixed = "effective_date, rungs, create_time"};

DunningLadder DunningLadderOf(mysql::RowReader& row) {
  DunningLadder ladder;
  ladder.id = row.Id();
  ladder.effective_date = row.Day();
  ladder.rungs = row.Parsed(RungsOf);
  ladder.create_time = row.Time();
  return ladder;
}

absl::Status DunningLadderNotFound(const Uuid& id) {
  return NotFound("DUNNING_LADDER_NOT_FOUND", "There is no such dunning ladder.", {{"dunningLadder", id.ToString()}});
}

}  // namespace

std::vector<mysql::FilterField> DunningLadderFilterFields() {
  using enum mysql::FilterType;
  return {{"effective_date", "effective_date", kDate}, {"create_time", "create_time", kTime}};
}

DunningLadderStore::DunningLadderStore(mysql::Database& database)
    : VersionStore(database,
                   {.table = kDunningLadders, .version_of = DunningLadderOf, .not_found = DunningLadderNotFound}) {}

mysql::RowWrite DunningLadderStore::Row(const DunningLadder& ladder) {
  return mysql::Insert(kDunningLadders, {ladder.id, ladder.effective_date, TextOf(ladder.rungs), ladder.create_time});
}

}  // namespace countersign::billing
