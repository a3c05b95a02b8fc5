// Partner requests, each under the account of its subscription.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_PARTNER_REQUEST_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_PARTNER_REQUEST_STORE_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/partner_request.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// The fields by which an account's requests may be filtered, and those of a partner's.
std::vector<mysql::FilterField> PartnerRequestFilterFields();
std::vector<mysql::FilterField> ReceivedPartnerRequestFilterFields();

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class PartnerRequestStore {
 public:
  explicit PartnerRequestStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // Error: NOT_FOUND PARTNER_REQUEST_NOT_FOUND.
  absl::StatusOr<PartnerRequest> Get(absl::Time deadline, const Uuid& account, const Uuid& request) const;

  // The subscription's last one; nullopt when there is none.
  absl::StatusOr<std::optional<PartnerRequest>> FindNewest(absl::Time deadline, const Uuid& account,
                                                           const Uuid& subscription) const;

  // Of an account, or (nullopt) of all, oldest first.
  absl::StatusOr<mysql::Page<PartnerRequest>> List(absl::Time deadline, const std::optional<Uuid>& account,
                                                   const mysql::PageQuery& query) const;

  // Those that wait for a partner at `now`, oldest first.
  absl::StatusOr<mysql::Page<PartnerRequest>> ListWaiting(absl::Time deadline, const Uuid& partner, absl::Time now,
                                                          const mysql::PageQuery& query) const;

  // For a change with an event of the request's version.
  static mysql::RowWrite Row(const PartnerRequest& request);

 private:
  mysql::Database& database_;
};

// The error of Get, also for a partner that was not asked.
absl::Status PartnerRequestNotFound();

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_PARTNER_REQUEST_STORE_H_
