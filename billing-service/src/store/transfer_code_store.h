// Transfer codes, each under the account of its subscription.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_TRANSFER_CODE_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_TRANSFER_CODE_STORE_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/transfer_code.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// The fields by which transfer codes may be filtered.
std::vector<mysql::FilterField> TransferCodeFilterFields();

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class TransferCodeStore {
 public:
  explicit TransferCodeStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  absl::StatusOr<std::optional<TransferCode>> Find(absl::Time deadline, const Uuid& account, const Uuid& code) const;

  // Error: NOT_FOUND TRANSFER_CODE_NOT_FOUND.
  absl::StatusOr<TransferCode> Get(absl::Time deadline, const Uuid& account, const Uuid& code) const;

  // The code of whichever account. Error: NOT_FOUND TRANSFER_CODE_NOT_FOUND.
  absl::StatusOr<TransferCode> Resolve(absl::Time deadline, const Uuid& code) const;

  // Of an account, oldest first.
  absl::StatusOr<mysql::Page<TransferCode>> List(absl::Time deadline, const Uuid& account,
                                                 const mysql::PageQuery& query) const;

  // For a change with an event of the code's version.
  static mysql::RowWrite Row(const TransferCode& code);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_TRANSFER_CODE_STORE_H_
