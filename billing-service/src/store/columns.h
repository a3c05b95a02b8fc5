// How the domain's values stand in columns.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_COLUMNS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_COLUMNS_H_

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/date.h"
#include "common/base/error.h"
#include "common/base/money.h"
#include "common/base/uuid.h"
#include "common/mysql/condition.h"
#include "common/mysql/connection.h"
#include "common/mysql/errors.h"

namespace countersign::billing {

// What was written was Money, so reading it cannot fail; a damaged row yields zero of no currency.
inline Money MoneyAt(const mysql::Row& row, int micros, int currency) {
  return Money::FromMicros(row.Int(micros), row.Bytes(currency)).value_or(Money());
}

inline std::optional<Uuid> OptionalIdAt(const mysql::Row& row, int column) {
  if (row.IsNull(column)) return std::nullopt;
  return row.Id(column);
}

// The one of `states` whose Name is `text`. Error: DATA_LOSS.
template <typename State>
absl::StatusOr<State> StateNamed(absl::string_view text, std::initializer_list<State> states) {
  for (const State state : states) {
    if (Name(state) == text) return state;
  }
  return absl::DataLossError(absl::StrCat("a row has the unknown state ", text));
}

// What a page's statement binds: its key and position, the caller's condition, the limit.
inline std::vector<mysql::Parameter> ParametersOf(std::vector<mysql::Parameter> start,
                                                  const mysql::Condition& condition, int64_t limit) {
  start.insert(start.end(), condition.parameters.begin(), condition.parameters.end());
  start.emplace_back(limit);
  return start;
}

// Another call inserted the same key between our read and our write: run again and find it.
inline absl::Status DuplicateAsLostRace(const absl::Status& status) {
  return mysql::IsDuplicateKey(status) ? LostRace() : status;
}

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_COLUMNS_H_
