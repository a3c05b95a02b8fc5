// The commonest reads: one row by its key, all rows of a SELECT, and a page in the order of a time.
#ifndef COUNTERSIGN_COMMON_MYSQL_READ_H_
#define COUNTERSIGN_COMMON_MYSQL_READ_H_

#include <optional>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/status_macros.h"
#include "common/mysql/database.h"
#include "common/mysql/page.h"
#include "common/mysql/row_reader.h"
#include "common/mysql/table.h"

namespace countersign::mysql {

// Makes an item of a row's columns; reads on where the row is damaged (row_reader.h).
template <typename Item>
using ItemOf = absl::FunctionRef<Item(RowReader&)>;

// At most one row, read outside any transaction; nullopt when there is none. Errors: those of Database::Read.
absl::StatusOr<std::optional<Row>> ReadOne(Database& database, absl::Time deadline, absl::string_view sql,
                                           const std::vector<Parameter>& parameters);

// All rows, read outside any transaction. Errors: those of Database::Read.
absl::StatusOr<std::vector<Row>> ReadRows(Database& database, absl::Time deadline, absl::string_view sql,
                                          const std::vector<Parameter>& parameters);

// The rows with each of these keys, in the order of the keys: one statement for all. `asked`: values for the
// placeholders before the keys. Errors: those of Database::Read.
absl::StatusOr<std::vector<std::vector<Row>>> ReadByKeys(Database& database, absl::Time deadline,
                                                         const KeyedSelect& select,
                                                         const std::vector<std::vector<Parameter>>& keys,
                                                         const std::vector<Parameter>& asked);

// Error: DATA_LOSS for a damaged row.
template <typename Item>
absl::StatusOr<Item> ReadItem(const Row& row, ItemOf<Item> item_of) {
  RowReader reader(row);
  Item item = item_of(reader);
  if (!reader.status().ok()) return reader.status();
  return item;
}

template <typename Item>
absl::StatusOr<std::vector<Item>> ReadItems(const std::vector<Row>& rows, ItemOf<Item> item_of) {
  std::vector<Item> items;
  items.reserve(rows.size());
  for (const Row& row : rows) {
    ASSIGN_OR_RETURN(Item item, ReadItem<Item>(row, item_of));
    items.push_back(std::move(item));
  }
  return items;
}

// The item that `sql` finds, which is at most one; nullopt when there is none. Errors: those of Database::Read;
// DATA_LOSS.
template <typename Item>
absl::StatusOr<std::optional<Item>> FindBy(Database& database, absl::Time deadline, absl::string_view sql,
                                           const std::vector<Parameter>& parameters, ItemOf<Item> item_of) {
  ASSIGN_OR_RETURN(const std::optional<Row> row, ReadOne(database, deadline, sql, parameters));
  if (!row.has_value()) return std::nullopt;
  ASSIGN_OR_RETURN(Item item, ReadItem<Item>(*row, item_of));
  return item;
}

// The item with this key, of which there is at most one. Calls that ask at the same moment share a statement. Errors:
// those of Database::Read; DATA_LOSS.
template <typename Item>
absl::StatusOr<std::optional<Item>> FindByKey(Database& database, absl::Time deadline, const KeyedSelect& select,
                                              const std::vector<Parameter>& key, ItemOf<Item> item_of) {
  ASSIGN_OR_RETURN(const std::vector<Row> rows, database.ReadByKey(deadline, select, key, {}));
  if (rows.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(Item item, ReadItem<Item>(rows.front(), item_of));
  return item;
}

// All items with this key. `asked` as Gatherer::Read has it.
template <typename Item>
absl::StatusOr<std::vector<Item>> ListByKey(Database& database, absl::Time deadline, const KeyedSelect& select,
                                            const std::vector<Parameter>& key, const std::vector<Parameter>& asked,
                                            ItemOf<Item> item_of) {
  ASSIGN_OR_RETURN(const std::vector<Row> rows, database.ReadByKey(deadline, select, key, asked));
  return ReadItems<Item>(rows, item_of);
}

// The same, by the table's own columns.
template <typename Item>
absl::StatusOr<std::optional<Item>> FindOne(Database& database, absl::Time deadline, const Table& table,
                                            const std::vector<Parameter>& key, ItemOf<Item> item_of) {
  return FindByKey<Item>(database, deadline, SelectByKey(table), key, item_of);
}

// All items that `sql` finds.
template <typename Item>
absl::StatusOr<std::vector<Item>> ListBy(Database& database, absl::Time deadline, absl::string_view sql,
                                         const std::vector<Parameter>& parameters, ItemOf<Item> item_of) {
  ASSIGN_OR_RETURN(const std::vector<Row> rows, ReadRows(database, deadline, sql, parameters));
  return ReadItems<Item>(rows, item_of);
}

// A list of a table's rows, oldest first.
struct TimeList {
  const Table& table;
  absl::string_view parent = "";           // "owner_id = ?"; empty: of all.
  absl::string_view time = "create_time";  // The column of the time, and that of the id which orders equal times.
  absl::string_view id;
};

// A page of it. `parent` is what the list's parent binds. Errors: those of Database::Read; DATA_LOSS.
template <typename Item>
absl::StatusOr<Page<Item>> ListByTime(Database& database, absl::Time deadline, const TimeList& list,
                                      std::vector<Parameter> parent, const PageQuery& query, ItemOf<Item> item_of,
                                      absl::FunctionRef<TimePosition(const Item&)> position_of) {
  const PageStatement statement =
      TimePageStatement(list.table, list.parent, list.time, list.id, std::move(parent), query);
  ASSIGN_OR_RETURN(std::vector<Item> found,
                   ListBy<Item>(database, deadline, statement.sql, statement.parameters, item_of));
  return PageOf<Item>(std::move(found), query.size, [&](const Item& item) { return position_of(item).ToText(); });
}

// A page of what StatementOf made, in another order. `position_of` says where an item stands.
template <typename Item>
absl::StatusOr<Page<Item>> ListPage(Database& database, absl::Time deadline, const PageStatement& statement,
                                    ItemOf<Item> item_of, absl::FunctionRef<std::string(const Item&)> position_of) {
  ASSIGN_OR_RETURN(std::vector<Item> found,
                   ListBy<Item>(database, deadline, statement.sql, statement.parameters, item_of));
  return PageOf<Item>(std::move(found), statement.size, position_of);
}

}  // namespace countersign::mysql

#endif  // COUNTERSIGN_COMMON_MYSQL_READ_H_
