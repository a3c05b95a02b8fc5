// The acts of customers on their receipts.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_STORE_RECEIPT_ACT_STORE_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_STORE_RECEIPT_ACT_STORE_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/database.h"
#include "common/mysql/table.h"
#include "link-service/src/domain/receipt_act.h"

namespace countersign::link {

// Thread-safe. Errors: those of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class ReceiptActStore {
 public:
  explicit ReceiptActStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // This version of the act, for a change with its event.
  static mysql::RowWrite Row(const ReceiptAct& act);

  // nullopt when there is none.
  absl::StatusOr<std::optional<ReceiptAct>> Find(absl::Time deadline, const Uuid& link_id, const Uuid& act_id) const;

  // The link's, oldest first, at most 50.
  absl::StatusOr<std::vector<ReceiptAct>> ListOf(absl::Time deadline, const Uuid& link_id) const;

 private:
  mysql::Database& database_;
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_STORE_RECEIPT_ACT_STORE_H_
