// Reads the columns of a row in order, each as the type that it must have.
#ifndef COUNTERSIGN_COMMON_MYSQL_ROW_READER_H_
#define COUNTERSIGN_COMMON_MYSQL_ROW_READER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/date.h"
#include "common/base/money.h"
#include "common/base/named.h"
#include "common/base/uuid.h"
#include "common/mysql/connection.h"

namespace countersign::mysql {

// A NULL where a value must be, a malformed value or an unknown name damages the row: from then on every read returns
// zero, empty or nil, and status() is DATA_LOSS naming the column by its place. So a function that makes an item of a
// row reads on, and whoever called it checks status() once:
//
//   Note NoteOf(RowReader& row) { return {.id = row.Id(), .text = row.Text(), .archive_time = row.OptionalTime()}; }
class RowReader {
 public:
  // `row` must outlive the reader.
  explicit RowReader(const Row& row) : row_(row) {}

  Uuid Id();
  int64_t Int();
  bool Bool() { return Int() != 0; }
  std::string Text();  // Text and BINARY alike.
  absl::Time Time();   // DATETIME(6), UTC.
  Date Day();

  // An amount in micros, in the currency that an earlier column named.
  Money Amount(absl::string_view currency);

  // The value that `table` has by the column's name.
  template <typename Enum, size_t kCount>
  Enum Enumerated(const Named<Enum> (&table)[kCount]) {
    const std::string name = Text();
    const std::optional<Enum> value = FindNamed(table, name);
    if (!value.has_value() && status_.ok()) Damage("an unknown name");
    return value.value_or(table[0].value);
  }

  // The same; none for NULL.
  std::optional<Uuid> OptionalId();
  std::optional<absl::Time> OptionalTime();
  std::optional<Date> OptionalDay();

  // Empty text for NULL.
  std::string TextOrEmpty();

  // A text (JSON, a list of ids) parsed by `parse`, an absl::StatusOr<T>(const std::string&). An error of `parse`
  // damages the row.
  template <typename Parse>
  auto Parsed(const Parse& parse) {
    using Result = std::invoke_result_t<const Parse&, const std::string&>;
    Result parsed = parse(Text());
    if (status_.ok() && !parsed.ok()) Damage(parsed.status().message());
    return status_.ok() ? *std::move(parsed) : typename Result::value_type();
  }

  // Leaves columns out.
  void Skip(int columns = 1) { next_ += columns; }
  // How many columns were read or left out.
  int place() const { return next_; }

  // OK while every read found what it must. Error: DATA_LOSS.
  const absl::Status& status() const { return status_; }

 private:
  // The next column when it is there and not NULL; else the row is damaged.
  bool Take();
  bool TakeNull();  // True, and the column is passed, when it is NULL.
  void Damage(absl::string_view what);

  const Row& row_;
  int next_ = 0;
  absl::Status status_;
};

}  // namespace countersign::mysql

#endif  // COUNTERSIGN_COMMON_MYSQL_ROW_READER_H_
