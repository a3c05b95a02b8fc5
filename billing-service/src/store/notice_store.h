// Notices: what was mailed to the billing contacts.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_NOTICE_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_NOTICE_STORE_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/notice.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// The fields by which notices may be filtered.
std::vector<mysql::FilterField> NoticeFilterFields();

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class NoticeStore {
 public:
  explicit NoticeStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  absl::StatusOr<std::optional<Notice>> Find(absl::Time deadline, const Uuid& account, const Uuid& notice) const;

  // Of each of these notices, by account and id, whether it is there; one statement for all.
  absl::StatusOr<std::vector<bool>> FindEach(absl::Time deadline, const std::vector<Notice>& notices) const;

  // How many renewal notices of the subscription there are.
  absl::StatusOr<int64_t> CountRenewals(absl::Time deadline, const Uuid& account, const Uuid& subscription) const;

  // Error: NOT_FOUND NOTICE_NOT_FOUND.
  absl::StatusOr<Notice> Get(absl::Time deadline, const Uuid& account, const Uuid& notice) const;

  // Of one account, or (nullopt) of all, oldest first.
  absl::StatusOr<mysql::Page<Notice>> List(absl::Time deadline, const std::optional<Uuid>& account,
                                           const mysql::PageQuery& query) const;

  // This version, for a change with its event.
  static mysql::RowWrite Row(const Notice& notice);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_NOTICE_STORE_H_
