#include "common/mysql/page.h"

#include <cstdint>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace countersign::mysql {

std::string TimePosition::ToText() const { return absl::StrCat(absl::ToUnixMicros(time), "/", id.ToString()); }

TimePosition TimePosition::FromText(absl::string_view text) {
  const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(text, absl::MaxSplits('/', 1));
  int64_t micros = 0;
  const absl::StatusOr<Uuid> id = Uuid::Parse(parts.second);
  if (!absl::SimpleAtoi(parts.first, &micros) || !id.ok()) return {};
  return {absl::FromUnixMicros(micros), *id};
}

Uuid IdPosition(absl::string_view text) { return Uuid::Parse(text).value_or(Uuid()); }

PageStatement StatementOf(absl::string_view select, std::vector<Parameter> start, const PageQuery& query,
                          absl::string_view ending) {
  PageStatement statement{absl::StrCat(select, query.condition.sql, ending), std::move(start), query.size};
  statement.parameters.insert(statement.parameters.end(), query.condition.parameters.begin(),
                              query.condition.parameters.end());
  statement.parameters.emplace_back(int64_t{query.size} + 1);
  return statement;
}

PageStatement TimePageStatement(const Table& table, absl::string_view parent, absl::string_view time,
                                absl::string_view id, std::vector<Parameter> start, const PageQuery& query) {
  const auto after = TimePosition::FromText(query.after);
  start.insert(start.end(), {after.time, after.time, after.id});
  const std::string where = absl::StrCat("WHERE ", parent, parent.empty() ? "" : " AND ", "(", time, " > ? OR (", time,
                                         " = ? AND ", id, " > ?))");
  return StatementOf(SelectFrom(table, where), std::move(start), query,
                     absl::StrCat(" ORDER BY ", time, ", ", id, " LIMIT ?"));
}

}  // namespace countersign::mysql
