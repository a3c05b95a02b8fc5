// How the domain's values stand in columns.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_COLUMNS_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_COLUMNS_H_

#include <initializer_list>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/money.h"
#include "common/mysql/connection.h"
#include "common/mysql/errors.h"

namespace countersign::billing {

// What was written was Money, so reading it cannot fail; a damaged row yields zero of no currency.
inline Money MoneyAt(const mysql::Row& row, int micros, int currency) {
  return Money::FromMicros(row.Int(micros), row.Bytes(currency)).value_or(Money());
}

// The one of `states` whose Name is `text`. Error: DATA_LOSS.
template <typename State>
absl::StatusOr<State> StateNamed(absl::string_view text, std::initializer_list<State> states) {
  for (const State state : states) {
    if (Name(state) == text) return state;
  }
  return absl::DataLossError(absl::StrCat("a row has the unknown state ", text));
}

// Another call inserted the same key between our read and our write: run again and find it.
inline absl::Status DuplicateAsLostRace(const absl::Status& status) {
  return mysql::IsDuplicateKey(status) ? LostRace() : status;
}

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_COLUMNS_H_
