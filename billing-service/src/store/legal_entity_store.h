// The versions of the legal entities that sell.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_LEGAL_ENTITY_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_LEGAL_ENTITY_STORE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "billing-service/src/domain/legal_entity.h"
#include "common/base/uuid.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// The fields by which legal entities may be filtered.
std::vector<mysql::FilterField> LegalEntityFilterFields();

// Thread-safe. Every method also returns the errors of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class LegalEntityStore {
 public:
  explicit LegalEntityStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // Error: NOT_FOUND LEGAL_ENTITY_NOT_FOUND.
  absl::StatusOr<LegalEntity> Get(absl::Time deadline, const Uuid& entity) const;

  // All, oldest first.
  absl::StatusOr<mysql::Page<LegalEntity>> List(absl::Time deadline, const mysql::PageQuery& query) const;

  // The versions of a currency in the order of their days.
  absl::StatusOr<std::vector<LegalEntity>> ReadOfCurrency(absl::Time deadline, absl::string_view currency) const;

  // The new version, for a change with its event.
  static mysql::RowWrite Row(const LegalEntity& entity);

 private:
  mysql::Database& database_;
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_LEGAL_ENTITY_STORE_H_
