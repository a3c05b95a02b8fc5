// A table's columns, said once, and the writing of whole rows, many in one statement.
//
//   constexpr mysql::Table kNotes = {.name = "notes", .key = "owner_id, note_id", .fixed = "create_time",
//                                    .changing = "text, version"};
//
// A row's values come in the order key, fixed, changing; a SELECT of ColumnsOf() gives them in the same order.
#ifndef COUNTERSIGN_COMMON_MYSQL_TABLE_H_
#define COUNTERSIGN_COMMON_MYSQL_TABLE_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/base/error.h"
#include "common/mysql/connection.h"

namespace countersign::mysql {

// Lists of columns are separated by ", ". A Table is a constant: rows point at it.
struct Table {
  absl::string_view name;
  absl::string_view key;            // The primary key, the tenant's column first.
  absl::string_view fixed = "";     // Written with a new row only. May be empty.
  absl::string_view changing = "";  // Written with every version of the row. Empty: rows are only ever inserted.
};

// "key, fixed, changing".
std::string ColumnsOf(const Table& table);

// The same for a join, each column with the table's alias: "n.owner_id, n.note_id, …".
std::string ColumnsOf(const Table& table, absl::string_view alias);

// "SELECT key, fixed, changing FROM name " and `rest`, which begins with WHERE.
std::string SelectFrom(const Table& table, absl::string_view rest);

// "a = ? AND b = ?" of the table's key.
std::string KeyCondition(const Table& table);

// After the name of a table that is read by its primary key, or a prefix of it. For many keys at once MariaDB otherwise
// looks into every index that begins like the key, which takes it longer than to read the rows.
inline constexpr absl::string_view kByPrimaryKey = " FORCE INDEX (PRIMARY)";

// A SELECT by a key, which calls can share (read.h): the key's columns come first in its list and compare byte by byte.
struct KeyedSelect {
  std::string select;     // "SELECT o.a, o.b, … FROM orders o FORCE INDEX (PRIMARY)", without WHERE.
  std::string key;        // "o.a, o.b"
  std::string rest = "";  // Follows the keys, "LOCK IN SHARE MODE" for example; may be empty.
};

// Of all columns of the table, by its primary key.
KeyedSelect SelectByKey(const Table& table);

// The statement for several keys, one after another.
std::string StatementFor(const KeyedSelect& select, int keys);

// One row to write. Nothing but data, so that the rows of many changes can be written together.
struct RowWrite {
  enum class Kind : uint8_t {
    kInsert,  // A new row. It must not be there.
    kPut,     // The next version of a row: inserts it, or replaces the columns in `changing`.
  };
  const Table* table = nullptr;
  Kind kind = Kind::kInsert;
  std::vector<Parameter> values;           // One for each of ColumnsOf(table).
  absl::Status if_duplicate = LostRace();  // Of an insert whose key is taken, a key other than the primary included.
};

inline RowWrite Insert(const Table& table, std::vector<Parameter> values, absl::Status if_duplicate = LostRace()) {
  return {&table, RowWrite::Kind::kInsert, std::move(values), std::move(if_duplicate)};
}

// The table has no unique key but the primary that a put may change.
inline RowWrite Put(const Table& table, std::vector<Parameter> values) {
  return {&table, RowWrite::Kind::kPut, std::move(values), absl::OkStatus()};
}

// Writes the rows: one statement per table and kind, tables in the order of their names so that two writers lock alike.
// A duplicate key among several rows of one table gives `if_duplicate` of the first of them, so write rows with
// different refusals apart. Errors: if_duplicate; INTERNAL for a row with a wrong number of values; those of errors.h.
absl::Status WriteRows(Connection& connection, absl::Span<const RowWrite* const> writes);
absl::Status WriteRows(Connection& connection, absl::Span<const RowWrite> writes);

// The INSERT of `rows` rows; `put`: with ON DUPLICATE KEY UPDATE.
std::string InsertStatement(const Table& table, int rows, bool put);

// How many rows the next statement for `count` rows takes: few different numbers, so that the statements stay prepared.
int RowsPerStatement(size_t count);

}  // namespace countersign::mysql

#endif  // COUNTERSIGN_COMMON_MYSQL_TABLE_H_
