// A link's log with the evidence of its presses.
#ifndef COUNTERSIGN_LINK_SERVICE_SRC_STORE_LINK_RECORD_STORE_H_
#define COUNTERSIGN_LINK_SERVICE_SRC_STORE_LINK_RECORD_STORE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/database.h"
#include "common/mysql/filter_field.h"
#include "common/mysql/page.h"
#include "link-service/src/domain/link_record.h"

namespace countersign::link {

std::vector<mysql::FilterField> LinkRecordFilterFields();

// Thread-safe. Errors: those of mysql::Database (UNAVAILABLE, RESOURCE_EXHAUSTED).
class LinkRecordStore {
 public:
  explicit LinkRecordStore(mysql::Database& database) : database_(database) {}  // Must outlive the store.

  // In the order of commits. An event appears when it is sealed, a moment after its commit.
  absl::StatusOr<mysql::Page<LinkRecord>> List(absl::Time deadline, const Uuid& link_id,
                                               const mysql::PageQuery& query) const;

 private:
  mysql::Database& database_;
};

}  // namespace countersign::link

#endif  // COUNTERSIGN_LINK_SERVICE_SRC_STORE_LINK_RECORD_STORE_H_
