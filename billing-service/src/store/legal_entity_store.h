// The versions of the legal entities that sell.
#ifndef COUNTERSIGN_BILLING_SERVICE_SRC_STORE_LEGAL_ENTITY_STORE_H_
#define COUNTERSIGN_BILLING_SERVICE_SRC_STORE_LEGAL_ENTITY_STORE_H_

#include <vector>

#include "billing-service/src/domain/legal_entity.h"
#include "billing-service/src/store/version_store.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/table.h"

namespace countersign::billing {

// The fields by which legal entities may be filtered.
std::vector<mysql::FilterField> LegalEntityFilterFields();

// Thread-safe. Error of Get: NOT_FOUND LEGAL_ENTITY_NOT_FOUND.
class LegalEntityStore final : public VersionStore<LegalEntity> {
 public:
  explicit LegalEntityStore(mysql::Database& database);  // Must outlive the store.

  // The new version, for a change with its event.
  static mysql::RowWrite Row(const LegalEntity& entity);
};

}  // namespace countersign::billing

#endif  // COUNTERSIGN_BILLING_SERVICE_SRC_STORE_LEGAL_ENTITY_STORE_H_
