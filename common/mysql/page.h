// Lists by the page, along the key that orders their rows: a page starts after the last row of the one before (keyset
// pagination). A store's List is two constants, a SELECT up to a WHERE that binds the tenant and the position, and the
// ORDER BY … LIMIT ? of the same key; between them stands the caller's condition.
#ifndef COUNTERSIGN_COMMON_MYSQL_PAGE_H_
#define COUNTERSIGN_COMMON_MYSQL_PAGE_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/mysql/condition.h"
#include "common/mysql/connection.h"
#include "common/mysql/table.h"

namespace countersign::mysql {

// A request for one page of a list.
struct PageQuery {
  Condition condition = {};  // On columns of the store's SELECT.
  std::string after = {};    // The position after which it starts: `next` of the page before; empty for the first.
  int size = 1;              // At most so many. From 1.
};

// The page.
template <typename Item>
struct Page {
  std::vector<Item> items;
  std::string next;  // The position of the last item; empty when it is the list's last.
};

// The position in a list in the order of a time, then of an id.
struct TimePosition {
  absl::Time time = absl::UnixEpoch();  // By default before the first row.
  Uuid id = {};

  std::string ToText() const;                            // "1243846800000000/0190a5b2-…": microseconds, id.
  static TimePosition FromText(absl::string_view text);  // The default for what ToText did not make.
};

// The position in a list in the order of an id: the id's text, and the nil id for what is none.
Uuid IdPosition(absl::string_view text);

// A list's statement with all that it binds.
struct PageStatement {
  std::string sql;
  std::vector<Parameter> parameters;
  int size = 1;  // The page's.
};

// select + the query's condition + ending. `start` is what `select` binds; `ending` binds a limit of one row more than
// the page may have: it tells whether there is a next page.
PageStatement StatementOf(absl::string_view select, std::vector<Parameter> start, const PageQuery& query,
                          absl::string_view ending);

// The statement of a page in the order of a time and an id. `parent` ("owner_id = ?", or empty) comes first in its
// WHERE and binds `start`.
PageStatement TimePageStatement(const Table& table, absl::string_view parent, absl::string_view time,
                                absl::string_view id, std::vector<Parameter> start, const PageQuery& query);

// The page of what such a statement found. `position_of` says where an item stands.
template <typename Item>
Page<Item> PageOf(std::vector<Item> found, int size, absl::FunctionRef<std::string(const Item&)> position_of) {
  Page<Item> page{std::move(found), ""};
  if (page.items.size() <= static_cast<size_t>(size)) return page;
  page.items.erase(page.items.begin() + size, page.items.end());
  page.next = position_of(page.items.back());
  return page;
}

}  // namespace countersign::mysql

#endif  // COUNTERSIGN_COMMON_MYSQL_PAGE_H_
