// The agreements with partners on self-billing.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_SELF_BILLING_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_SELF_BILLING_STORE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/self_billing.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// The fields by which agreements may be filtered.
std::vector<mysql::FilterField> SelfBillingFilterFields();

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class SelfBillingStore {
 public:
  explicit SelfBillingStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // Error: NOT_FOUND SELF_BILLING_AGREEMENT_NOT_FOUND.
  absl::StatusOr<SelfBillingAgreement> Get(absl::Time deadline, const Uuid& partner, const Uuid& agreement) const;

  // The partner's, oldest first.
  absl::StatusOr<mysql::Page<SelfBillingAgreement>> List(absl::Time deadline, const Uuid& partner,
                                                         const mysql::PageQuery& query) const;

  // All versions of the partner.
  absl::StatusOr<std::vector<SelfBillingAgreement>> ReadOfPartner(absl::Time deadline, const Uuid& partner) const;

  // The new version, for a change with its event.
  static mysql::RowWrite Row(const SelfBillingAgreement& version);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_SELF_BILLING_STORE_H_
