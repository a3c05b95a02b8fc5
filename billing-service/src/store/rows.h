// Lists of rows that one change writes.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_ROWS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_ROWS_H_

#include <iterator>
#include <vector>

#include "common/mysql/table.h"

namespace countersign::billing {

inline void AppendRows(std::vector<mysql::RowWrite>& rows, std::vector<mysql::RowWrite> more) {
  rows.insert(rows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_ROWS_H_
