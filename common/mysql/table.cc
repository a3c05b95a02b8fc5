#include "common/mysql/table.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"
#include "common/mysql/errors.h"

namespace countersign::mysql {
namespace {

using Columns = std::vector<absl::string_view>;

Columns Split(absl::string_view list) { return absl::StrSplit(list, ", ", absl::SkipEmpty()); }

size_t CountOf(absl::string_view list) { return list.empty() ? 0 : 1 + std::count(list.begin(), list.end(), ','); }

size_t WidthOf(const Table& table) { return CountOf(table.key) + CountOf(table.fixed) + CountOf(table.changing); }

absl::Status WriteSome(Connection& connection, const Table& table, RowWrite::Kind kind,
                       absl::Span<const RowWrite* const> rows) {
  const size_t width = WidthOf(table);
  std::vector<Parameter> values;
  values.reserve(rows.size() * width);
  for (const RowWrite* row : rows) {
    if (row->values.size() != width) {
      return absl::InternalError(absl::StrCat(table.name, " has ", width, " columns, not ", row->values.size()));
    }
    values.insert(values.end(), row->values.begin(), row->values.end());
  }
  const std::string sql = InsertStatement(table, static_cast<int>(rows.size()), /*put=*/kind == RowWrite::Kind::kPut);
  const absl::Status status = connection.Execute(sql, values).status();
  return IsDuplicateKey(status) && !rows.front()->if_duplicate.ok() ? rows.front()->if_duplicate : status;
}

}  // namespace

std::string ColumnsOf(const Table& table) {
  std::string columns(table.key);
  for (const absl::string_view more : {table.fixed, table.changing}) {
    if (!more.empty()) absl::StrAppend(&columns, ", ", more);
  }
  return columns;
}

std::string ColumnsOf(const Table& table, absl::string_view alias) {
  return absl::StrCat(alias, ".", absl::StrJoin(Split(ColumnsOf(table)), absl::StrCat(", ", alias, ".")));
}

std::string SelectFrom(const Table& table, absl::string_view rest) {
  return absl::StrCat("SELECT ", ColumnsOf(table), " FROM ", table.name, " ", rest);
}

std::string KeyCondition(const Table& table) {
  return absl::StrCat(absl::StrJoin(Split(table.key), " = ? AND "), " = ?");
}

KeyedSelect SelectByKey(const Table& table) {
  return {.select = absl::StrCat("SELECT ", ColumnsOf(table), " FROM ", table.name, kByPrimaryKey),
          .key = std::string(table.key)};
}

std::string StatementFor(const KeyedSelect& select, int keys) {
  const std::string one = absl::StrCat("(", absl::StrJoin(Split(select.key), " = ? AND "), " = ?)");
  std::string sql = absl::StrCat(select.select, " WHERE ", one);
  for (int i = 1; i < keys; ++i) absl::StrAppend(&sql, " OR ", one);
  return select.rest.empty() ? sql : absl::StrCat(sql, " ", select.rest);
}

std::string InsertStatement(const Table& table, int rows, bool put) {
  std::string row = "(?";
  const size_t width = WidthOf(table);
  for (size_t i = 1; i < width; ++i) row += ", ?";
  row += ")";
  std::string sql = absl::StrCat("INSERT INTO ", table.name, " (", ColumnsOf(table), ") VALUES ", row);
  for (int i = 1; i < rows; ++i) absl::StrAppend(&sql, ", ", row);
  if (!put) return sql;
  // VALUES(): the one spelling that MariaDB and MySQL have in common.
  const auto assign = [](std::string* out, absl::string_view column) {
    absl::StrAppend(out, column, " = VALUES(", column, ")");
  };
  return absl::StrCat(sql, " ON DUPLICATE KEY UPDATE ", absl::StrJoin(Split(table.changing), ", ", assign));
}

int RowsPerStatement(size_t count) {
  constexpr std::array<int, 6> kSteps = {256, 128, 64, 32, 16, 8};
  for (const int step : kSteps) {
    if (count >= static_cast<size_t>(step)) return step;
  }
  return static_cast<int>(count);
}

absl::Status WriteRows(Connection& connection, absl::Span<const RowWrite> writes) {
  std::vector<const RowWrite*> rows;
  for (const RowWrite& write : writes) rows.push_back(&write);
  return WriteRows(connection, rows);
}

absl::Status WriteRows(Connection& connection, absl::Span<const RowWrite* const> writes) {
  std::map<std::tuple<absl::string_view, RowWrite::Kind>, std::vector<const RowWrite*>> groups;
  for (const RowWrite* write : writes) groups[{write->table->name, write->kind}].push_back(write);
  for (const auto& [key, rows] : groups) {
    absl::Span<const RowWrite* const> rest = rows;
    while (!rest.empty()) {
      const int count = RowsPerStatement(rest.size());
      RETURN_IF_ERROR(WriteSome(connection, *rest.front()->table, rest.front()->kind, rest.first(count)));
      rest.remove_prefix(count);
    }
  }
  return absl::OkStatus();
}

}  // namespace countersign::mysql
