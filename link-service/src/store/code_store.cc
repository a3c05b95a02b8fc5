#include "link-service/src/store/code_store.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/mysql/read.h"

namespace countersign::link {
namespace {

constexpr mysql::Table kCodeRows = {.name = "codes",
                                    .key = "link_id, number",
                                    .fixed = "digest, sent_to, create_time, purpose",
                                    .changing = "attempts, form_id"};

constexpr absl::string_view kTakeAttempt =
    "UPDATE codes SET attempts = attempts + 1 WHERE link_id = ? AND number = ? AND attempts < ?";

constexpr absl::string_view kBind =
    "UPDATE codes SET form_id = ? WHERE link_id = ? AND number = ? AND form_id IN (?, ?)";

}  // namespace

mysql::RowWrite CodeStore::Row(const OneTimeCode& code) {
  return mysql::Insert(kCodeRows, {code.link_id, code.number, code.digest, code.sent_to, code.create_time,
                                   NameOf(code.purpose), code.attempts, code.form_id});
}

absl::StatusOr<std::vector<OneTimeCode>> CodeStore::Newest(absl::Time deadline, const Uuid& link_id) const {
  static const std::string kNewest =
      mysql::SelectFrom(kCodeRows, absl::StrCat("WHERE link_id = ? ORDER BY number DESC LIMIT ", kMaxCodesPerDay));
  ASSIGN_OR_RETURN(const std::vector<mysql::Row> rows, mysql::ReadRows(database_, deadline, kNewest, {link_id}));
  return mysql::ReadItems<OneTimeCode>(rows, [](mysql::RowReader& row) {
    OneTimeCode code;
    code.link_id = row.Id();
    code.number = row.Int();
    code.digest = row.Text();
    code.sent_to = row.Text();
    code.create_time = row.Time();
    code.purpose = row.Enumerated(kCodePurposes);
    code.attempts = row.Int();
    code.form_id = row.Id();
    return code;
  });
}

absl::StatusOr<bool> CodeStore::TakeAttempt(absl::Time deadline, const OneTimeCode& code) const {
  int64_t rows = 0;
  RETURN_IF_ERROR(database_.Autocommit(deadline, [&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(rows, connection.Execute(kTakeAttempt, {code.link_id, code.number, int64_t{kMaxCodeAttempts}}));
    return absl::OkStatus();
  }));
  return rows == 1;
}

absl::StatusOr<bool> CodeStore::Bind(absl::Time deadline, const OneTimeCode& code, const Uuid& form_id) const {
  int64_t rows = 0;
  RETURN_IF_ERROR(database_.Autocommit(deadline, [&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(rows, connection.Execute(kBind, {form_id, code.link_id, code.number, Uuid(), form_id}));
    return absl::OkStatus();
  }));
  return rows == 1;
}

}  // namespace countersign::link
