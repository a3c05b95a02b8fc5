#include "common/mysql/read.h"

#include <map>
#include <string>
#include <utility>

#include "common/mysql/gather.h"

namespace countersign::mysql {

absl::StatusOr<std::optional<Row>> ReadOne(Database& database, absl::Time deadline, absl::string_view sql,
                                           const std::vector<Parameter>& parameters) {
  std::optional<Row> row;
  RETURN_IF_ERROR(database.Read(deadline, [&](Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(row, reader.QueryOne(sql, parameters));
    return absl::OkStatus();
  }));
  return row;
}

absl::StatusOr<std::vector<Row>> ReadRows(Database& database, absl::Time deadline, absl::string_view sql,
                                          const std::vector<Parameter>& parameters) {
  std::vector<Row> rows;
  RETURN_IF_ERROR(database.Read(deadline, [&](Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(rows, reader.Query(sql, parameters));
    return absl::OkStatus();
  }));
  return rows;
}

absl::StatusOr<std::vector<std::vector<Row>>> ReadByKeys(Database& database, absl::Time deadline,
                                                         const KeyedSelect& select,
                                                         const std::vector<std::vector<Parameter>>& keys,
                                                         const std::vector<Parameter>& asked) {
  std::vector<std::vector<Row>> found(keys.size());
  if (keys.empty()) return found;
  std::vector<Parameter> parameters = asked;
  std::vector<const std::vector<Parameter>*> each;
  for (const std::vector<Parameter>& key : keys) each.push_back(&key);
  const size_t count = AppendKeys(each, parameters);
  ASSIGN_OR_RETURN(std::vector<Row> rows,
                   ReadRows(database, deadline, StatementFor(select, static_cast<int>(count)), parameters));
  std::map<std::vector<std::string>, size_t> places;
  std::vector<size_t> place_of;
  for (size_t i = 0; i < keys.size(); ++i) place_of.push_back(places.emplace(TextsOf(keys[i]), i).first->second);
  for (Row& row : rows) {
    std::vector<std::string> key;
    for (size_t i = 0; i < keys.front().size(); ++i) key.push_back(row.Bytes(static_cast<int>(i)));
    const auto place = places.find(key);
    if (place != places.end()) found[place->second].push_back(std::move(row));
  }
  for (size_t i = 0; i < keys.size(); ++i) {
    if (place_of[i] != i) found[i] = found[place_of[i]];
  }
  return found;
}

}  // namespace countersign::mysql
